/* natsload: an independent load generator for any server that speaks the NATS client protocol.
 *
 *   cc -O2 -pthread -o natsload natsload.c
 *   natsload pubsub  ADDR [options]   publishers -> subscribers, with a window; checks count and order
 *   natsload reqrep  ADDR [options]   requesters -> one responder per --resp, window of outstanding requests
 *   natsload latency ADDR [options]   one paced publisher -> subscribers, one-way latency
 *   natsload conns   ADDR [options]   opens --n idle connections, each with --subs subscriptions; server memory
 *   natsload submany ADDR [options]   one connection makes --n distinct subscriptions, then publishes over them
 *
 * pubsub can have company that it must not be slowed by: --idle N connections with one subscription each, --filters N
 * subscriptions that nothing matches, --churn R inboxes a second that are subscribed and, a millisecond later, unsubscribed.
 *
 * Part of IpcBus: the load of Bus.Benchmarks. It knows nothing of the servers that it drives.
 *
 * ADDR is tcp:HOST:PORT or unix:PATH.  One JSON line on standard output.  Exit 0 only if nothing was lost,
 * duplicated or reordered.  --pid P adds the server's own CPU seconds and memory, read from /proc.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *addr, *mode;
static long n = 1000000, size = 128, pubs = 1, subs = 1, subjects = 1, rate = 1000, window = 0, resp = 1, queue_group = 0, batch = 32768, wild = 0, pid = 0, timeout_s = 60, idle = 0, filters = 0, churn = 0;
static const char *user_ = NULL, *pass_ = NULL;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }
static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *what) { fprintf(stderr, "natsload: %s: %s\n", what, strerror(errno)); printf("{\"mode\":\"%s\",\"ok\":false,\"error\":\"%s\"}\n", mode, what); exit(1); }
static void fail(const char *what) { fprintf(stderr, "natsload: %s\n", what); printf("{\"mode\":\"%s\",\"ok\":false,\"error\":\"%s\"}\n", mode, what); exit(1); }

static double cpu_of(long p) {
    char path[64], buf[1024]; snprintf(path, sizeof path, "/proc/%ld/stat", p);
    FILE *f = fopen(path, "r"); if (!f) return 0; size_t k = fread(buf, 1, sizeof buf - 1, f); fclose(f); buf[k] = 0;
    char *s = strrchr(buf, ')'); unsigned long ut = 0, st = 0;
    sscanf(s + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &st);
    return (ut + st) / (double)sysconf(_SC_CLK_TCK);
}
static long mem_of(long p, const char *key) {
    char path[64], line[256]; snprintf(path, sizeof path, "/proc/%ld/status", p);
    FILE *f = fopen(path, "r"); if (!f) return 0; long v = 0; size_t k = strlen(key);
    while (fgets(line, sizeof line, f)) if (!strncmp(line, key, k)) { v = atol(line + k + 1); break; }
    fclose(f); return v;
}

typedef struct { int fd; char *buf; size_t cap, r, w; } conn;

static void send_all(int fd, const char *p, size_t k) { while (k) { ssize_t m = send(fd, p, k, MSG_NOSIGNAL); if (m < 0) { if (errno == EINTR) continue; die("send"); } p += m; k -= m; } }
static int dial(void) {
    int fd;
    if (!strncmp(addr, "unix:", 5)) {
        struct sockaddr_un a = { .sun_family = AF_UNIX }; strncpy(a.sun_path, addr + 5, sizeof a.sun_path - 1);
        fd = socket(AF_UNIX, SOCK_STREAM, 0); if (fd < 0 || connect(fd, (void *)&a, sizeof a)) die("connect");
    } else {
        char host[128]; strncpy(host, addr + 4, sizeof host - 1); char *c = strrchr(host, ':'); *c = 0;
        struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(c + 1)) }; inet_pton(AF_INET, host, &a.sin_addr);
        fd = socket(AF_INET, SOCK_STREAM, 0); if (fd < 0 || connect(fd, (void *)&a, sizeof a)) die("connect");
        int one = 1; setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    struct timeval tv = { timeout_s, 0 }; setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    return fd;
}
static int fill(conn *c) {
    if (c->r) { memmove(c->buf, c->buf + c->r, c->w - c->r); c->w -= c->r; c->r = 0; }
    if (c->w == c->cap) { c->cap *= 2; c->buf = realloc(c->buf, c->cap); }
    ssize_t k = recv(c->fd, c->buf + c->w, c->cap - c->w, 0);
    if (k <= 0) return 0;
    c->w += k; return 1;
}
/* next frame: returns type 'M' (msg), 'P' ping, 'O' pong/+ok/info, 'E' error, 0 on closed */
typedef struct { char *subj; int subj_len; char *reply; int reply_len; char *data; long len; } frame;
static int next(conn *c, frame *f) {
    for (;;) {
        char *p = c->buf + c->r, *e = c->buf + c->w;
        char *nl = p < e ? memchr(p, '\n', e - p) : NULL;
        if (nl) {
            if (p[0] == 'M' || (p[0] == 'H' && p[1] == 'M')) {
                /* MSG subject sid [reply] size */
                char *tok[6]; int len[6], t = 0; char *q = p;
                while (q < nl && t < 6) { while (q < nl && *q == ' ') q++; tok[t] = q; while (q < nl && *q != ' ' && *q != '\r') q++; len[t] = q - tok[t]; if (len[t]) t++; if (*q == '\r') break; }
                int hdr = p[0] == 'H'; long total = 0; for (int i = 0; i < len[t - 1]; i++) total = total * 10 + (tok[t - 1][i] - '0');
                if (e - (nl + 1) >= total + 2) {
                    f->subj = tok[1]; f->subj_len = len[1]; int base = hdr ? 5 : 4;
                    f->reply = NULL; f->reply_len = 0; if (t == base + 1) { f->reply = tok[3]; f->reply_len = len[3]; }
                    f->data = nl + 1; f->len = total; c->r = (nl + 1 + total + 2) - c->buf; return hdr ? 'H' : 'M';
                }
            } else {
                c->r = nl + 1 - c->buf;
                if (!strncmp(p, "PING", 4)) return 'P';
                if (!strncmp(p, "-ERR", 4)) { fprintf(stderr, "server: %.*s\n", (int)(nl - p), p); return 'E'; }
                return 'O';
            }
        }
        if (!fill(c)) return 0;
    }
}
static void conn_open(conn *c) {
    c->fd = dial(); c->cap = 1 << 17; c->buf = malloc(c->cap); c->r = c->w = 0; frame f;
    if (next(c, &f) != 'O') fail("no INFO");
    char m[512]; int k = snprintf(m, sizeof m, "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"1.0\",\"protocol\":1,\"headers\":true,\"no_responders\":true%s%s%s%s%s}\r\nPING\r\n",
        user_ ? ",\"user\":\"" : "", user_ ? user_ : "", user_ ? "\",\"pass\":\"" : "", user_ ? pass_ : "", user_ ? "\"" : "");
    send_all(c->fd, m, k);
    for (;;) { int t = next(c, &f); if (t == 'O') break; if (t == 0 || t == 'E') fail("connect refused"); if (t == 'P') send_all(c->fd, "PONG\r\n", 6); }
}
static void flush_(conn *c) { frame f; send_all(c->fd, "PING\r\n", 6); for (;;) { int t = next(c, &f); if (t == 'O') return; if (!t || t == 'E') fail("flush"); if (t == 'P') send_all(c->fd, "PONG\r\n", 6); } }

/* latency histogram: 1 us..~67 s, 64 linear cells per power of two */
#define CELLS (64 * 32)
typedef struct { uint64_t cell[CELLS], count, max; } hist;
static int cell_of(uint64_t v) { if (v < 64) return (int)v; int e = 63 - __builtin_clzll(v), i = (e - 5) * 64 + (int)((v >> (e - 6)) & 63); return i < CELLS ? i : CELLS - 1; }
static double us_of(int i) { uint64_t v = i < 64 ? (uint64_t)i : (uint64_t)(64 + i % 64) << (i / 64 - 1); return v / 10.0; }
static void hist_add(hist *h, uint64_t ns) { h->cell[cell_of(ns / 100)]++; h->count++; if (ns > h->max) h->max = ns; }
static double hist_q(hist *h, double q) { uint64_t want = (uint64_t)(q * h->count), s = 0; for (int i = 0; i < CELLS; i++) { s += h->cell[i]; if (s > want) return us_of(i); } return h->max / 1000.0; }
static void hist_merge(hist *a, hist *b) { for (int i = 0; i < CELLS; i++) a->cell[i] += b->cell[i]; a->count += b->count; if (b->max > a->max) a->max = b->max; }

static atomic_long *recvd; /* per subscriber */
static atomic_int ready, go; static atomic_long lost, dup_, reorder;
static double t_first, t_last; static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static long expect_per_sub;

static void *sub_main(void *arg) {
    long id = (long)arg; conn c; conn_open(&c); char m[256]; int k;
    if (wild) k = snprintf(m, sizeof m, "SUB bench.> %ld\r\n", id + 1);
    else if (queue_group) k = snprintf(m, sizeof m, "SUB bench.* workers %ld\r\n", id + 1);
    else { k = 0; for (long s = 0; s < subjects; s++) { k = snprintf(m, sizeof m, "SUB bench.%ld %ld\r\n", s, s + 1); send_all(c.fd, m, k); } k = 0; }
    if (k) send_all(c.fd, m, k);
    flush_(&c); atomic_fetch_add(&ready, 1);
    uint64_t *seen = calloc(pubs * subjects, 8); frame f; long got = 0; hist *h = !strcmp(mode, "latency") ? calloc(1, sizeof(hist)) : NULL;
    while (queue_group ? 1 : got < expect_per_sub) {
        int t = next(&c, &f); if (t == 0) { if (queue_group) break; fprintf(stderr, "sub %ld: closed or timed out at %ld of %ld\n", id, got, expect_per_sub); atomic_fetch_add(&lost, expect_per_sub - got); break; }
        if (t == 'P') { send_all(c.fd, "PONG\r\n", 6); continue; }
        if (t == 'E') continue;
        if (t != 'M') continue;
        got++;
        if (f.len >= 16) {
            uint64_t head[2]; memcpy(head, f.data, 16); uint64_t p = head[0] >> 40, s = head[0] & 0xffffffffffull;
            if (h) { uint64_t nn = now_ns(); hist_add(h, nn > head[1] ? nn - head[1] : 0); }
            else if (!queue_group) { uint64_t sj = head[1]; uint64_t *last = &seen[p * subjects + sj]; if (s == *last) atomic_fetch_add(&dup_, 1); else if (s < *last) atomic_fetch_add(&reorder, 1); *last = s; }
        }
        atomic_store_explicit(&recvd[id], got, memory_order_relaxed);
        if (queue_group) { long sum = 0; for (long i = 0; i < subs; i++) sum += atomic_load(&recvd[i]); if (sum >= expect_per_sub) break; }
    }
    double t = now(); pthread_mutex_lock(&mu); if (t > t_last) t_last = t; pthread_mutex_unlock(&mu);
    if (queue_group) { for (int i = 0; i < 1; i++) shutdown(c.fd, SHUT_RDWR); }
    close(c.fd); return h;
}
static long min_recvd(void) { long m = -1; if (queue_group) { m = 0; for (long i = 0; i < subs; i++) m += atomic_load_explicit(&recvd[i], memory_order_relaxed); return m; } for (long i = 0; i < subs; i++) { long v = atomic_load_explicit(&recvd[i], memory_order_relaxed); if (m < 0 || v < m) m = v; } return m; }
static atomic_long sent_total;
static void *pub_main(void *arg) {
    long id = (long)arg; conn c; conn_open(&c); atomic_fetch_add(&ready, 1);
    long mine = n / pubs; char *buf = malloc(batch + size + 256), *pay = calloc(1, size + 16); memset(pay, 'x', size);
    uint64_t *seq = calloc(subjects, 8); while (!atomic_load(&go)) usleep(100);
    long k = 0, in_buf = 0, i = 0;
    while (i < mine) {
        long sj = i % subjects; seq[sj]++;
        if (size >= 16) { uint64_t head[2] = { ((uint64_t)id << 40) | seq[sj], (uint64_t)sj }; memcpy(pay, head, 16); }
        k += sprintf(buf + k, "PUB bench.%ld %ld\r\n", sj, size); memcpy(buf + k, pay, size); k += size; buf[k++] = '\r'; buf[k++] = '\n'; i++; in_buf++;
        if (k >= batch || i == mine) {
            send_all(c.fd, buf, k); k = 0; long s = atomic_fetch_add(&sent_total, in_buf) + in_buf; in_buf = 0;
            if (subs) { double t0 = now(); while (s - min_recvd() > window) { usleep(20); if (now() - t0 > timeout_s) { fprintf(stderr, "stalled\n"); goto out; } } }
        }
    }
out:
    flush_(&c); if (!subs) { double t = now(); pthread_mutex_lock(&mu); if (t > t_last) t_last = t; pthread_mutex_unlock(&mu); }
    close(c.fd); return NULL;
}
static void report_tail(double cpu0, long count) {
    if (pid) { double c = cpu_of(pid) - cpu0; printf(",\"server_cpu_s\":%.2f,\"server_cpu_ns_per_msg\":%.0f,\"server_rss_mb\":%.1f,\"server_peak_mb\":%.1f", c, c * 1e9 / count, mem_of(pid, "VmRSS") / 1024.0, mem_of(pid, "VmHWM") / 1024.0); }
    struct rusage ru; getrusage(RUSAGE_SELF, &ru); printf(",\"load_cpu_s\":%.2f", ru.ru_utime.tv_sec + ru.ru_stime.tv_sec + (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) * 1e-6);
}
static atomic_int churn_stop; static long churned; static double churn_s;
static void *churn_main(void *arg) {
    (void)arg; conn c; conn_open(&c); flush_(&c); atomic_fetch_add(&ready, 1); while (!atomic_load(&go)) usleep(100);
    char *buf = malloc(1 << 20); long next_sid = 1, first_live = 1; double t0 = now(); uint64_t start = now_ns(), tick = 0;
    while (!atomic_load(&churn_stop)) {
        uint64_t at = start + ++tick * 1000000ull; struct timespec ts = { at / 1000000000ull, at % 1000000000ull }; clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
        size_t k = 0; long live = next_sid, want = (long)(tick * churn / 1000) + 1;
        for (; first_live < live; first_live++) k += sprintf(buf + k, "UNSUB %ld\r\n", first_live);
        for (; next_sid < want && next_sid < live + 4000; next_sid++) k += sprintf(buf + k, "SUB _INBOX.churn.%ld %ld\r\n", next_sid, next_sid);
        if (k) send_all(c.fd, buf, k);
        if (tick % 1000 == 0) flush_(&c);
    }
    size_t k = 0; for (; first_live < next_sid; first_live++) k += sprintf(buf + k, "UNSUB %ld\r\n", first_live);
    if (k) send_all(c.fd, buf, k);
    flush_(&c); churned = next_sid - 1; churn_s = now() - t0; close(c.fd); return NULL;
}
static void open_company(void) {
    if (idle) { struct rlimit rl = { 1 << 20, 1 << 20 }; setrlimit(RLIMIT_NOFILE, &rl); conn *cs = calloc(idle, sizeof *cs); for (long i = 0; i < idle; i++) { conn_open(&cs[i]); char m[64]; int k = snprintf(m, sizeof m, "SUB idle.%ld 1\r\n", i); send_all(cs[i].fd, m, k); flush_(&cs[i]); free(cs[i].buf); } }
    if (filters) { conn c; conn_open(&c); char *buf = malloc(1 << 20); size_t k = 0; for (long i = 0; i < filters; i++) { k += sprintf(buf + k, "SUB unmatched.%ld.%ld.v %ld\r\n", i % 97, i, i + 1); if (k > (1 << 20) - 128 || i == filters - 1) { send_all(c.fd, buf, k); k = 0; } } flush_(&c); }
}
static int run_pubsub(void) {
    pthread_t churner; open_company(); if (churn) pthread_create(&churner, NULL, churn_main, NULL);
    if (!window) window = 65536; if (size * window > (16 << 20)) window = (16 << 20) / size;
    n = n / pubs * pubs; expect_per_sub = n; recvd = calloc(subs + 1, sizeof *recvd); pthread_t th[4096]; double cpu0;
    for (long i = 0; i < subs; i++) pthread_create(&th[i], NULL, sub_main, (void *)i);
    for (long i = 0; i < pubs; i++) pthread_create(&th[subs + i], NULL, pub_main, (void *)i);
    while (atomic_load(&ready) < subs + pubs + (churn ? 1 : 0)) usleep(500);
    cpu0 = pid ? cpu_of(pid) : 0; t_first = now(); atomic_store(&go, 1);
    for (long i = subs; i < subs + pubs; i++) pthread_join(th[i], NULL);
    if (queue_group) { double t0 = now(); while (min_recvd() < n && now() - t0 < timeout_s) usleep(1000); double t = now(); t_last = t; }
    else for (long i = 0; i < subs; i++) pthread_join(th[i], NULL);
    if (churn) { atomic_store(&churn_stop, 1); pthread_join(churner, NULL); }
    long total = subs ? (queue_group ? min_recvd() : n * subs) : n; double dt = t_last - t_first; if (queue_group) atomic_store(&lost, n - total);
    int ok = !lost && !dup_ && !reorder;
    printf("{\"mode\":\"pubsub\",\"ok\":%s,\"pubs\":%ld,\"subs\":%ld,\"subjects\":%ld,\"wild\":%ld,\"queue\":%ld,\"size\":%ld,\"published\":%ld,\"delivered\":%ld,\"seconds\":%.3f,\"msgs_per_s\":%.0f,\"mb_per_s\":%.1f,\"lost\":%ld,\"dup\":%ld,\"reordered\":%ld", ok ? "true" : "false", pubs, subs, subjects, wild, queue_group, size, n, total - lost, dt, total / dt, total / dt * size / 1e6, (long)lost, (long)dup_, (long)reorder);
    if (queue_group) { long lo = total, hi = 0; for (long i = 0; i < subs; i++) { long v = recvd[i]; if (v < lo) lo = v; if (v > hi) hi = v; } printf(",\"share_min\":%.3f,\"share_max\":%.3f", lo / (double)total, hi / (double)total); }
    if (churn) printf(",\"churned\":%ld,\"churn_per_s\":%.0f", churned, churned / churn_s);
    report_tail(cpu0, total); printf("}\n"); return ok ? 0 : 1;
}
static int run_latency(void) {
    if (size < 16) size = 16; expect_per_sub = n; recvd = calloc(subs + 1, sizeof *recvd); pthread_t th[4096];
    for (long i = 0; i < subs; i++) pthread_create(&th[i], NULL, sub_main, (void *)i);
    while (atomic_load(&ready) < subs) usleep(500);
    conn c; conn_open(&c); char *buf = malloc(size + 256); double cpu0 = pid ? cpu_of(pid) : 0; uint64_t start = now_ns(), gap = 1000000000ull / rate;
    for (long i = 0; i < n; i++) {
        uint64_t at = start + i * gap; struct timespec ts = { at / 1000000000ull, at % 1000000000ull }; clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
        int k = sprintf(buf, "PUB bench.0 %ld\r\n", size); memset(buf + k, 'x', size); uint64_t head[2] = { (uint64_t)i + 1, now_ns() }; memcpy(buf + k, head, 16); k += size; buf[k++] = '\r'; buf[k++] = '\n'; send_all(c.fd, buf, k);
    }
    hist all = { 0 }; for (long i = 0; i < subs; i++) { void *r; pthread_join(th[i], &r); if (r) hist_merge(&all, r); }
    printf("{\"mode\":\"latency\",\"ok\":%s,\"rate\":%ld,\"subs\":%ld,\"size\":%ld,\"count\":%lu,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f", lost ? "false" : "true", rate, subs, size, all.count, hist_q(&all, .5), hist_q(&all, .9), hist_q(&all, .99), hist_q(&all, .999), all.max / 1000.0);
    report_tail(cpu0, n * subs); printf("}\n"); return lost ? 1 : 0;
}
static void *resp_main(void *arg) {
    (void)arg; conn c; conn_open(&c); send_all(c.fd, "SUB bench.svc workers 1\r\n", 25); flush_(&c); atomic_fetch_add(&ready, 1);
    char *out = malloc(1 << 22); frame f; size_t k = 0;
    for (;;) {
        int t = next(&c, &f); if (!t) return NULL; if (t == 'P') { send_all(c.fd, "PONG\r\n", 6); continue; } if (t != 'M') continue;
        k += sprintf(out + k, "PUB %.*s %ld\r\n", f.reply_len, f.reply, f.len); memcpy(out + k, f.data, f.len); k += f.len; out[k++] = '\r'; out[k++] = '\n';
        if (c.r == c.w || k > 65536) { send_all(c.fd, out, k); k = 0; }
    }
}
static void *req_main(void *arg) {
    long id = (long)arg; conn c; conn_open(&c); char m[256]; int k = snprintf(m, sizeof m, "SUB _INBOX.load%ld.* 1\r\n", id); send_all(c.fd, m, k); flush_(&c);
    atomic_fetch_add(&ready, 1); while (!atomic_load(&go)) usleep(100);
    long mine = n / pubs, sent = 0, got = 0; hist *h = calloc(1, sizeof *h); uint64_t *at = calloc(window, 8); char *out = malloc(1 << 22), *pay = malloc(size + 1); memset(pay, 'x', size); frame f;
    while (got < mine) {
        size_t o = 0; while (sent < mine && sent - got < window) { at[sent % window] = now_ns(); o += sprintf(out + o, "PUB bench.svc _INBOX.load%ld.%ld %ld\r\n", id, sent, size); memcpy(out + o, pay, size); o += size; out[o++] = '\r'; out[o++] = '\n'; sent++; if (o > 65536) { send_all(c.fd, out, o); o = 0; } }
        if (o) send_all(c.fd, out, o);
        int t = next(&c, &f); if (!t) { fprintf(stderr, "requester %ld: closed or timed out at %ld of %ld\n", id, got, mine); atomic_fetch_add(&lost, mine - got); break; }
        if (t == 'P') { send_all(c.fd, "PONG\r\n", 6); continue; } if (t == 'H') { atomic_fetch_add(&lost, 1); got++; continue; } if (t != 'M') continue;
        char *dot = f.subj + f.subj_len; while (dot[-1] != '.') dot--; long num = strtol(dot, NULL, 10); hist_add(h, now_ns() - at[num % window]); got++;
    }
    double t = now(); pthread_mutex_lock(&mu); if (t > t_last) t_last = t; pthread_mutex_unlock(&mu); close(c.fd); return h;
}
static int run_reqrep(void) {
    if (!window) window = 1; pthread_t th[4096], rt; for (long i = 0; i < resp; i++) pthread_create(&rt, NULL, resp_main, (void *)i);
    while (atomic_load(&ready) < resp) usleep(500); for (long i = 0; i < pubs; i++) pthread_create(&th[i], NULL, req_main, (void *)i);
    while (atomic_load(&ready) < resp + pubs) usleep(500); double cpu0 = pid ? cpu_of(pid) : 0; t_first = now(); atomic_store(&go, 1);
    hist all = { 0 }; for (long i = 0; i < pubs; i++) { void *r; pthread_join(th[i], &r); hist_merge(&all, r); } double dt = t_last - t_first;
    printf("{\"mode\":\"reqrep\",\"ok\":%s,\"requesters\":%ld,\"responders\":%ld,\"window\":%ld,\"size\":%ld,\"count\":%lu,\"per_s\":%.0f,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,\"lost\":%ld", lost ? "false" : "true", pubs, resp, window, size, all.count, all.count / dt, hist_q(&all, .5), hist_q(&all, .9), hist_q(&all, .99), hist_q(&all, .999), all.max / 1000.0, (long)lost);
    report_tail(cpu0, all.count); printf("}\n"); return lost ? 1 : 0;
}
static int run_conns(void) {
    struct rlimit rl = { 1 << 20, 1 << 20 }; setrlimit(RLIMIT_NOFILE, &rl); long rss0 = pid ? mem_of(pid, "VmRSS") : 0; double t0 = now(), cpu0 = pid ? cpu_of(pid) : 0;
    conn *cs = calloc(n, sizeof *cs);
    for (long i = 0; i < n; i++) { conn_open(&cs[i]); free(cs[i].buf); cs[i].cap = 4096; cs[i].buf = malloc(4096); char m[128]; for (long s = 0; s < subs; s++) { int k = snprintf(m, sizeof m, "SUB idle.%ld.%ld %ld\r\n", i, s, s + 1); send_all(cs[i].fd, m, k); } flush_(&cs[i]); }
    double dt = now() - t0; sleep(1); long rss1 = pid ? mem_of(pid, "VmRSS") : 0;
    printf("{\"mode\":\"conns\",\"ok\":true,\"conns\":%ld,\"subs_each\":%ld,\"seconds\":%.2f,\"per_s\":%.0f,\"kb_per_conn\":%.2f", n, subs, dt, n / dt, (rss1 - rss0) / (double)n); report_tail(cpu0, n); printf("}\n"); return 0;
}
static int run_submany(void) {
    long rss0 = pid ? mem_of(pid, "VmRSS") : 0; conn c; conn_open(&c); double t0 = now(); char *buf = malloc(1 << 20); size_t k = 0;
    for (long i = 0; i < n; i++) { k += sprintf(buf + k, "SUB many.%ld.%ld.v %ld\r\n", i % 97, i, i + 1); if (k > (1 << 20) - 128 || i == n - 1) { send_all(c.fd, buf, k); k = 0; } } flush_(&c); double t1 = now();
    long rss1 = pid ? mem_of(pid, "VmRSS") : 0; double cpu0 = pid ? cpu_of(pid) : 0; conn p; conn_open(&p); frame f; long got = 0, total = n; char *pay = malloc(size); memset(pay, 'x', size); double t2 = now();
    for (long i = 0; i < total; ) { k = 0; long b = i; while (i < total && i - b < 1000) { long j = (i * 7919) % n; k += sprintf(buf + k, "PUB many.%ld.%ld.v %ld\r\n", j % 97, j, size); memcpy(buf + k, pay, size); k += size; buf[k++] = '\r'; buf[k++] = '\n'; i++; } send_all(p.fd, buf, k); while (got < i) { int t = next(&c, &f); if (!t) { fprintf(stderr, "lost at %ld\n", got); printf("{\"mode\":\"submany\",\"ok\":false}\n"); return 1; } if (t == 'P') send_all(c.fd, "PONG\r\n", 6); if (t == 'M') got++; } }
    double t3 = now(); printf("{\"mode\":\"submany\",\"ok\":true,\"subscriptions\":%ld,\"subscribe_per_s\":%.0f,\"bytes_per_sub\":%.0f,\"publish_per_s\":%.0f", n, n / (t1 - t0), (rss1 - rss0) * 1024.0 / n, total / (t3 - t2)); report_tail(cpu0, total); printf("}\n"); return 0;
}
int main(int argc, char **argv) {
    if (argc < 3) { fprintf(stderr, "usage: natsload pubsub|reqrep|latency|conns|submany tcp:HOST:PORT|unix:PATH [--n N] [--size B] [--pubs P] [--subs S] [--subjects K] [--wild 1] [--queue 1] [--rate R] [--window W] [--resp R] [--batch BYTES] [--pid SERVER] [--timeout S] [--idle N] [--filters N] [--churn R] [--user U --pass P]\n"); return 2; }
    mode = argv[1]; addr = argv[2];
    struct { const char *k; long *v; } opt[] = { {"--n", &n}, {"--size", &size}, {"--pubs", &pubs}, {"--subs", &subs}, {"--subjects", &subjects}, {"--wild", &wild}, {"--queue", &queue_group}, {"--rate", &rate}, {"--window", &window}, {"--resp", &resp}, {"--batch", &batch}, {"--pid", &pid}, {"--timeout", &timeout_s}, {"--idle", &idle}, {"--filters", &filters}, {"--churn", &churn} };
    for (int i = 3; i + 1 < argc; i += 2) { int hit = 0; for (unsigned j = 0; j < sizeof opt / sizeof *opt; j++) if (!strcmp(argv[i], opt[j].k)) { *opt[j].v = atol(argv[i + 1]); hit = 1; } if (!strcmp(argv[i], "--user")) { user_ = argv[i + 1]; hit = 1; } if (!strcmp(argv[i], "--pass")) { pass_ = argv[i + 1]; hit = 1; } if (!hit) { fprintf(stderr, "unknown option %s\n", argv[i]); return 2; } }
    if (!strcmp(mode, "pubsub")) return run_pubsub(); if (!strcmp(mode, "latency")) return run_latency(); if (!strcmp(mode, "reqrep")) return run_reqrep(); if (!strcmp(mode, "conns")) return run_conns(); if (!strcmp(mode, "submany")) return run_submany();
    fprintf(stderr, "unknown mode\n"); return 2;
}
