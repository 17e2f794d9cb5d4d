/* Plays op 1.x at next to no cost: an account whose events are arithmetic, told by op.conf beside the executable
   ("contiguous 20000", "newest 20000" for a server whose "newer" gives the newest 100, or "days 20000" for busy days with
   gaps of ids between them; a third word is the milliseconds that each call takes). No environment is read, because a collector may give op none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* An account has so many users, groups and vaults, however long its log is. */
enum { FIRST = 1000, STEP = 7, FULL = 100, BEGAN = 1767225600, THINGS = 997, DAY = 1500, NIGHT = 60000 };

static char mode[16];
static long count, milliseconds;
static char page[FULL * 512];
static size_t length;

static long night(void)
{
    return mode[0] == 'd' ? NIGHT : 0;
}

static long id(long i)
{
    return FIRST + STEP * i + i / DAY * night();
}

/* The first index whose id is above eid, or not below it. */
static long index_at(long eid, int above)
{
    long ids = DAY * STEP + night();
    long way = eid - FIRST;
    if (way < 0)
        return 0;
    long of_day = (way % ids + (above ? STEP : STEP - 1)) / STEP;
    return way / ids * DAY + (of_day < DAY ? of_day : DAY);
}

static void event(long i)
{
    static const char *const actions[] = {"create", "update", "view", "delete", "grant", "join", "rename", "export"};
    static const char *const objects[] = {"user", "vault", "group", "item", "gva", "uva", "device", "invite"};
    time_t at = BEGAN + i;
    struct tm utc;
    char when[32];
    gmtime_r(&at, &utc);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    length += (size_t)sprintf(
        page + length,
        "%s{\"eid\":%ld,\"time\":\"%s\",\"actorUuid\":\"QWTEUDQOG5TTFPUSAO%08lX\",\"action\":\"%s\",\"objectType\":\"%s\","
        "\"objectUuid\":\"osld2bbpoyy3ymkhi6%08lx\",\"auxUUID\":\"V2AR3MIWAKXG44EXRA%08lX\",\"auxInfo\":\"A%ld\"}",
        length > 1 ? "," : "", id(i), when, i % 97, actions[i % 8], objects[i / 3 % 8], i * 31 % THINGS, i % THINGS, i % 13);
}

static void list(int newest, long eid, int older)
{
    /* The first index above eid, and the first not below it. */
    long above = index_at(eid, 1);
    long below = index_at(eid, 0);
    if (below > count)
        below = count;
    page[length++] = '[';
    if (eid == 0 || older) {
        long end = eid == 0 ? count : below;
        for (long i = end - 1; i >= 0 && i >= end - FULL; i--)
            event(i);
    } else {
        if (newest && count - above > FULL)
            above = count - FULL;
        for (long i = above; i < count && i < above + FULL; i++)
            event(i);
    }
    page[length++] = ']';
    page[length++] = '\n';
}

static int say(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(1, text, size);
        if (written <= 0)
            return 1;
        text += written;
        size -= (size_t)written;
    }
    return 0;
}

static int configure(void)
{
    char path[4096];
    ssize_t end = readlink("/proc/self/exe", path, sizeof path - 6);
    if (end < 0)
        return 1;
    strcpy(path + end, ".conf");
    FILE *conf = fopen(path, "r");
    return !conf || fscanf(conf, "%15s %ld %ld", mode, &count, &milliseconds) < 2;
}

static int list_events(int argc, char **argv)
{
    long eid = 0;
    int older = 0;
    for (int i = 3; i < argc; i++) {
        if (strncmp(argv[i], "--eventid=", 10) == 0)
            eid = atol(argv[i] + 10);
        else if (strcmp(argv[i], "--older") == 0)
            older = 1;
    }
    list(mode[0] == 'n', eid, older);
    return say(page, length);
}

int main(int argc, char **argv)
{
    char line[256];
    if (argc < 2 || configure())
        return 1;
    usleep((useconds_t)milliseconds * 1000);
    if (strcmp(argv[1], "--version") == 0)
        return say("1.12.9\n", 7);
    if (strcmp(argv[1], "signin") == 0)
        return read(0, line, sizeof line) > 0 ? say("cheap-session-token\n", 20) : 1;
    if (strcmp(argv[1], "signout") == 0)
        return 0;
    if (argc < 3 || strcmp(argv[1], "list") != 0)
        return 1;
    return strcmp(argv[2], "events") == 0 ? list_events(argc, argv) : say("[]\n", 3);
}
