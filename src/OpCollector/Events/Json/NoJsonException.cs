using System.Text.Json;

namespace OpCollector.Events.Json;

/// <summary>
/// What was read is not JSON, or not the JSON that was expected. Its message quotes nobody and ends a sentence: the reader's own one quotes
/// what it has read, at any length.
/// </summary>
internal sealed class NoJsonException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The line, counted from 1; null where the complaint is about the whole.</summary>
    public long? Line { get; private init; }

    public static NoJsonException Translate(JsonException ex) => ex.LineNumber is { } line
        ? new NoJsonException($"it is broken at line {line + 1}, column {ex.BytePositionInLine + 1}", ex) { Line = line + 1 }
        : new NoJsonException("it is broken", ex);
}
