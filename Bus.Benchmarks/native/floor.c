/* floor: the least work a broker can do. One epoll thread, no routing table, no accounts, no limits, no safety:
 * it parses PUB/SUB/PING, compares the subject with each subscription by memcmp or a trailing wildcard, and copies.
 * It is the practical floor for the NATS text protocol on this machine, never a product.
 *
 * Part of IpcBus: what the figures of Bus.Benchmarks are compared with.
 *
 *   cc -O2 -o floor floor.c && ./floor PORT UNIX_PATH
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <errno.h>
#include <fcntl.h>
typedef struct conn { int fd; char *in; size_t r, w, cap; char *out; size_t ow, ocap, off; int dirty, armed; } conn;
typedef struct { conn *c; char subj[64]; int len; char sid[16]; int sidlen; } sub;
static sub subs[4096]; static int nsubs; static conn *dirty[4096]; static int ndirty; static int ep;
static void put(conn *c, const void *p, size_t k) { if (c->ow + k > c->ocap) { if (c->off) { memmove(c->out, c->out + c->off, c->ow - c->off); c->ow -= c->off; c->off = 0; } while (c->ow + k > c->ocap) c->out = realloc(c->out, c->ocap *= 2); } memcpy(c->out + c->ow, p, k); c->ow += k; if (!c->dirty) { c->dirty = 1; dirty[ndirty++] = c; } }
static int match(sub *s, const char *t, int n) { if (s->len == n && !memcmp(s->subj, t, n)) return 1; int l = s->len; if (l > 1 && (s->subj[l - 1] == '>' || s->subj[l - 1] == '*')) return n > l - 1 && !memcmp(s->subj, t, l - 1); return 0; }
static void flush_conn(conn *c) { while (c->off < c->ow) { ssize_t k = send(c->fd, c->out + c->off, c->ow - c->off, MSG_NOSIGNAL | MSG_DONTWAIT); if (k < 0) { if (errno == EAGAIN && !c->armed) { c->armed = 1; struct epoll_event e = { EPOLLIN | EPOLLOUT, { .ptr = c } }; epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e); } return; } c->off += k; } c->off = c->ow = 0; if (c->armed) { c->armed = 0; struct epoll_event e = { EPOLLIN, { .ptr = c } }; epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e); } }
static int feed(conn *c) {
    for (;;) {
        char *p = c->in + c->r, *e = c->in + c->w, *nl = p < e ? memchr(p, '\n', e - p) : NULL; if (!nl) break;
        if (p[0] == 'P' && p[1] == 'U') {
            char *t = p + 4, *q = t; while (*q != ' ') q++; int tl = q - t; char *a = q + 1, *b = a; while (*b != ' ' && *b != '\r') b++; char *reply = NULL; int rl = 0; if (*b == ' ') { reply = a; rl = b - a; a = b + 1; }
            long size = 0; while (*a != '\r') size = size * 10 + *a++ - '0';
            if (e - nl - 1 < size + 2) break;
            char num[24]; int nd = sprintf(num, "%ld\r\n", size);
            for (int i = 0; i < nsubs; i++) if (match(&subs[i], t, tl)) { sub *s = &subs[i]; char h[256]; char *o = h; memcpy(o, "MSG ", 4); o += 4; memcpy(o, t, tl); o += tl; *o++ = ' '; memcpy(o, s->sid, s->sidlen); o += s->sidlen; *o++ = ' '; if (reply) { memcpy(o, reply, rl); o += rl; *o++ = ' '; } memcpy(o, num, nd); o += nd; put(s->c, h, o - h); put(s->c, nl + 1, size + 2); }
            c->r = nl + 1 + size + 2 - c->in; continue;
        }
        if (p[0] == 'S') { sub *s = &subs[nsubs++]; s->c = c; char *t = p + 4, *q = t; while (*q != ' ') q++; s->len = q - t; memcpy(s->subj, t, s->len); char *z = nl - 1; char *y = z; while (y[-1] != ' ') y--; s->sidlen = z - y; memcpy(s->sid, y, s->sidlen); }
        else if (p[0] == 'P' && p[1] == 'I') put(c, "PONG\r\n", 6);
        c->r = nl + 1 - c->in;
    }
    if (c->r == c->w) c->r = c->w = 0; else if (c->r) { memmove(c->in, c->in + c->r, c->w - c->r); c->w -= c->r; c->r = 0; }
    return 0;
}
int main(int argc, char **argv) {
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) }; inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    int l[2]; l[0] = socket(AF_INET, SOCK_STREAM, 0); int one = 1; setsockopt(l[0], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one); bind(l[0], (void *)&a, sizeof a); listen(l[0], 1024);
    struct sockaddr_un u = { .sun_family = AF_UNIX }; strcpy(u.sun_path, argv[2]); unlink(argv[2]); l[1] = socket(AF_UNIX, SOCK_STREAM, 0); bind(l[1], (void *)&u, sizeof u); listen(l[1], 1024);
    ep = epoll_create1(0); for (int i = 0; i < 2; i++) { struct epoll_event e = { EPOLLIN, { .ptr = &l[i] } }; epoll_ctl(ep, EPOLL_CTL_ADD, l[i], &e); }
    struct epoll_event ev[256];
    for (;;) {
        int k = epoll_wait(ep, ev, 256, -1);
        for (int i = 0; i < k; i++) {
            if (ev[i].data.ptr == &l[0] || ev[i].data.ptr == &l[1]) { int fd = accept(*(int *)ev[i].data.ptr, NULL, NULL); if (fd < 0) continue; setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); conn *c = calloc(1, sizeof *c); c->fd = fd; c->in = malloc(c->cap = 1 << 17); c->out = malloc(c->ocap = 1 << 17); struct epoll_event e = { EPOLLIN, { .ptr = c } }; epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e); put(c, "INFO {\"server_id\":\"floor\",\"version\":\"0\",\"max_payload\":1048576,\"headers\":true}\r\n", 82); continue; }
            conn *c = ev[i].data.ptr; if (ev[i].events & EPOLLOUT) flush_conn(c);
            if (!(ev[i].events & (EPOLLIN | EPOLLHUP))) continue;
            ssize_t m = recv(c->fd, c->in + c->w, c->cap - c->w, 0);
            if (m <= 0) { epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, NULL); close(c->fd); for (int j = 0; j < nsubs; ) if (subs[j].c == c) subs[j] = subs[--nsubs]; else j++; for (int j = 0; j < ndirty; j++) if (dirty[j] == c) dirty[j--] = dirty[--ndirty]; continue; }
            c->w += m; feed(c);
        }
        for (int i = 0; i < ndirty; i++) { dirty[i]->dirty = 0; flush_conn(dirty[i]); } ndirty = 0;
    }
}
