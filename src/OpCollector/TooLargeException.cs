namespace OpCollector;

/// <summary>There is more to read than may be. Its message is ours alone.</summary>
internal sealed class TooLargeException(string message) : IOException(message);
