using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>A JSON object in a file, or what is in its place.</summary>
/// <param name="Line">The line that it begins on.</param>
/// <param name="Wrong">Why it is none, as the end of a sentence; null where it is one.</param>
internal readonly record struct FoundObject(ReadOnlyMemory<byte> Bytes, UntaggedEvent Marks, long Line, string? Wrong);
