namespace OpCollector.Events;

/// <summary>A stretch of a stream that is being read a second time for events that came late; a run may end in the middle of it.</summary>
/// <param name="Cursor">Where it goes on; null where it begins.</param>
internal sealed record Reread(DateTimeOffset Since, DateTimeOffset Until, string? Cursor = null);
