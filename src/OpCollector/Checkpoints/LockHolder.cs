namespace OpCollector.Checkpoints;

/// <summary>The run that holds a lock, as the lock file tells it.</summary>
internal sealed record LockHolder(int Pid, DateTimeOffset Started);
