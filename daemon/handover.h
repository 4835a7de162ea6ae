/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says to ThreadSanitizer that a pointer travels over a ZeroMQ socket. libzmq's queues order memory
 * by instructions that it cannot see, as the library is built without it; to everybody else these
 * two are nothing. Call give before sending the pointer, take after receiving it.
 */
#ifndef WD_HANDOVER_H
#define WD_HANDOVER_H

#if defined(__SANITIZE_THREAD__)
#define WD_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WD_TSAN 1
#endif
#endif

#ifdef WD_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
static inline void wd_handover_give(void *pointer)
{
    __tsan_release(pointer);
}
static inline void wd_handover_take(void *pointer)
{
    __tsan_acquire(pointer);
}
#else
static inline void wd_handover_give(void *pointer)
{
    (void)pointer;
}
static inline void wd_handover_take(void *pointer)
{
    (void)pointer;
}
#endif

#endif
