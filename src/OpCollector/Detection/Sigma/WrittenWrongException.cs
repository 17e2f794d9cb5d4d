namespace OpCollector.Detection.Sigma;

/// <summary>Something in a rule is written wrong; the message says what, in our words, as the end of a complaint about the place.</summary>
internal sealed class WrittenWrongException(string message, Exception? cause = null) : Exception(message, cause);
