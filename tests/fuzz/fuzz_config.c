/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the configuration file. Faults are lines that name the file; a configuration without
 * one prints as a file that is read again without a fault.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int s_read(const uint8_t *data, size_t size, wd_config_t *config, FILE *faults)
{
    char path[64], program[] = "winnowd", option[] = "--config";
    char *argv[] = {program, option, path, NULL};
    int fd = memfd_create("winnow.conf", MFD_CLOEXEC), count;
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    wd_config_read(config, 3, argv, faults, &count);
    close(fd);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wd_config_t config, again;
    char *said = NULL, *printed = NULL;
    size_t said_size = 0, printed_size = 0;

    FILE *faults = open_memstream(&said, &said_size);
    int count = s_read(data, size, &config, faults);
    fclose(faults);
    if ((count > 0) != (said_size > 0))
        abort();
    free(said);
    if (count > 0)
        return 0;

    FILE *out = open_memstream(&printed, &printed_size);
    wd_config_print(&config, out);
    fclose(out);
    if (s_read((const uint8_t *)printed, printed_size, &again, stderr) != 0)
        abort();
    free(printed);
    return 0;
}
