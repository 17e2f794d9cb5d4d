/* measure RESULT PROGRAM ARGUMENT...: runs a program and writes what it cost: wall time (ns), its own CPU time and that with
   its children (us), the peak memory of its largest process (kB), and its exit status.
   A small program of its own, because the kernel counts the memory of whoever forks as memory of what is started. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long own_cpu(pid_t pid)
{
    char path[64];
    unsigned long long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *stat = fopen(path, "r");
    if (!stat)
        return -1;
    int read = fscanf(stat, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system);
    fclose(stat);
    return read == 2 ? (long long)(user + system) * 1000000 / sysconf(_SC_CLK_TCK) : -1;
}

static long long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv)
{
    struct timespec began, ended;
    struct rusage usage;
    siginfo_t info;
    int status;
    if (argc < 3)
        return 64;
    clock_gettime(CLOCK_MONOTONIC, &began);
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    /* Left unreaped for a moment: /proc still knows what the process itself used, without its children. */
    if (pid < 0 || waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    long long own = own_cpu(pid);
    if (wait4(pid, &status, 0, &usage) != pid)
        return 1;
    FILE *result = fopen(argv[1], "w");
    if (!result)
        return 1;
    fprintf(
        result, "%lld %lld %lld %ld %d\n",
        (ended.tv_sec - began.tv_sec) * 1000000000LL + (ended.tv_nsec - began.tv_nsec),
        own, microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss,
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(result) != 0;
}
