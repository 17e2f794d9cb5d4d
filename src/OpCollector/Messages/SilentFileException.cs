namespace OpCollector.Messages;

/// <summary>
/// A file, or whatever is in its place, has given nothing more for a while and has not ended. Its message quotes nobody.
/// </summary>
internal sealed class SilentFileException(TimeSpan patience)
    : IOException($"Nothing came from it for {patience.TotalSeconds:0} s, as from a pipe that nobody writes to");
