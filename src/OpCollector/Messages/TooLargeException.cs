namespace OpCollector.Messages;

/// <summary>There is more to read than may be. Its message quotes nobody.</summary>
internal sealed class TooLargeException(string message) : IOException(message);
