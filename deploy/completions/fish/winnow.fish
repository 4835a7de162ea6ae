# SPDX-License-Identifier: Apache-2.0
# Completion of winnow for fish.
set -l commands push watch query show articles retract retry status
set -l kinds investment statistic change target statement position founding facility_event \
    agreement ownership acquisition location gathering

complete -c winnow -f
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a push -d 'send articles'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a watch -d 'follow facts'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a query -d 'look for facts'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a show -d 'show one fact or article'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a articles -d 'list articles'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a retract -d 'withdraw articles'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a retry -d 'take up failed articles'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -a status -d 'how the daemon is'
complete -c winnow -n "not __fish_seen_subcommand_from $commands" -s V -l version -d 'show the version'
complete -c winnow -s e -l endpoint -x -d 'where winnowd is'
complete -c winnow -s h -l help -d 'show help'

complete -c winnow -n '__fish_seen_subcommand_from push' -F
complete -c winnow -n '__fish_seen_subcommand_from push' -s i -l id -x -d 'id of the article'
complete -c winnow -n '__fish_seen_subcommand_from push' -s s -l source -x -d 'who published it'
complete -c winnow -n '__fish_seen_subcommand_from push' -s p -l published -x -d 'when'
complete -c winnow -n '__fish_seen_subcommand_from push' -l url -x -d 'where it stands'
complete -c winnow -n '__fish_seen_subcommand_from push' -l title -x -d 'its headline'
complete -c winnow -n '__fish_seen_subcommand_from push' -l jsonl -d 'read JSON Lines'
complete -c winnow -n '__fish_seen_subcommand_from push' -s w -l wait -x -a 'accepted stored'

complete -c winnow -n '__fish_seen_subcommand_from watch query' -s k -l kind -x -a "$kinds"
complete -c winnow -n '__fish_seen_subcommand_from watch query' -s n -l entity -x -d 'a name'
complete -c winnow -n '__fish_seen_subcommand_from watch' -s c -l change -x \
    -a 'created corroborated revised disputed superseded retracted stored failed'
complete -c winnow -n '__fish_seen_subcommand_from watch' -s f -l from -x -a 'start now'
complete -c winnow -n '__fish_seen_subcommand_from watch' -s N -l count -x -d 'how many'
complete -c winnow -n '__fish_seen_subcommand_from query' -s p -l place -x -d 'a place'
complete -c winnow -n '__fish_seen_subcommand_from query' -s s -l since -x -d from
complete -c winnow -n '__fish_seen_subcommand_from query' -s u -l until -x -d 'up to'
complete -c winnow -n '__fish_seen_subcommand_from query' -s m -l min -x -d 'at least this money'
complete -c winnow -n '__fish_seen_subcommand_from query' -s t -l text -x -d 'words of the article'
complete -c winnow -n '__fish_seen_subcommand_from query' -s a -l article -x -d 'of this article'
complete -c winnow -n '__fish_seen_subcommand_from query' -x -l status -d 'facts with this status' \
    -a 'current disputed superseded retracted'
complete -c winnow -n '__fish_seen_subcommand_from query' -s d -l disputed -d 'disputed facts'
complete -c winnow -n '__fish_seen_subcommand_from query' -x -l source -d 'told by this source'
complete -c winnow -n '__fish_seen_subcommand_from query' -x -l modality -d 'facts of this modality' \
    -a 'actual planned target forecast possible negated'
complete -c winnow -n '__fish_seen_subcommand_from query' -l series -d 'figures over time'
complete -c winnow -n '__fish_seen_subcommand_from query' -s r -l retracted -d 'retracted facts too'
complete -c winnow -n '__fish_seen_subcommand_from query articles' -s l -l limit -x -d 'how many'
complete -c winnow -n '__fish_seen_subcommand_from query articles' -s f -l format -x -a 'table json csv'
complete -c winnow -n '__fish_seen_subcommand_from show' -l fact -d 'it is a fact'
complete -c winnow -n '__fish_seen_subcommand_from show' -l article -d 'it is an article'
complete -c winnow -n '__fish_seen_subcommand_from show' -s t -l text -d 'the text alone'
complete -c winnow -n '__fish_seen_subcommand_from articles' -s s -l state -x \
    -a 'accepted stored failed superseded retracted'
complete -c winnow -n '__fish_seen_subcommand_from articles' -s F -l failed -d 'those that failed'
complete -c winnow -n '__fish_seen_subcommand_from articles' -s o -l source -x -d source
complete -c winnow -n '__fish_seen_subcommand_from push watch query show articles status' -s j -l json \
    -d 'print JSON'
