namespace OpCollector.Http;

/// <summary>What came of a request: an answer that was read to its end, or why there is none; exactly one of the two.</summary>
internal sealed record HttpReply(Answer? Answer, HttpFailure? Failure);
