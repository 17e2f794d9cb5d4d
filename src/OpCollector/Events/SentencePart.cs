namespace OpCollector.Events;

/// <summary>A piece of a sentence: words as they are, or something to be filled in.</summary>
/// <param name="Text">The words; of something to be filled in, those for want of a better one.</param>
internal readonly record struct SentencePart(Placeholder? Filled, byte[] Text);
