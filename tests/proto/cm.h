/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants four headers before its own; here they are once. */
#ifndef TESTS_PROTO_CM_H
#define TESTS_PROTO_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
