/* SPDX-License-Identifier: Apache-2.0 */
#include "ud.h"

#include <string.h>

static const char *const s_upos[WX_UPOS_COUNT] = {"_",
#define WX_ONE(name) #name,
                                                  WX_UPOS_TABLE(WX_ONE)
#undef WX_ONE
};

static const char *const s_deprel[WX_DEPREL_COUNT] = {"_",
#define WX_ONE(name, text) text,
                                                      WX_DEPREL_TABLE(WX_ONE)
#undef WX_ONE
};

const char *wx_upos_name(wx_upos_t upos)
{
    return (unsigned)upos < WX_UPOS_COUNT ? s_upos[upos] : "_";
}

const char *wx_deprel_name(wx_deprel_t deprel)
{
    return (unsigned)deprel < WX_DEPREL_COUNT ? s_deprel[deprel] : "_";
}

wx_upos_t wx_upos_from(const char *name)
{
    for (unsigned i = 1; i < WX_UPOS_COUNT; i++)
        if (strcmp(s_upos[i], name) == 0)
            return (wx_upos_t)i;
    return WX_UPOS_NONE;
}

wx_deprel_t wx_deprel_from(const char *name)
{
    for (unsigned i = 1; i < WX_DEPREL_COUNT; i++)
        if (strcmp(s_deprel[i], name) == 0)
            return (wx_deprel_t)i;
    return WX_DEPREL_NONE;
}
