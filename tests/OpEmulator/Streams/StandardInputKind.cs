namespace OpEmulator.Streams;

/// <summary>What file descriptor 0 is: op behaves differently for each.</summary>
internal enum StandardInputKind
{
    Closed,
    Pipe,
    Null,
    Terminal,
    Socket,
    File,
}
