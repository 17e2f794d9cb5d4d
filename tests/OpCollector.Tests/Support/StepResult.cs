namespace OpCollector.Tests.Support;

/// <summary>
/// A run that was stopped again and again: how it ended, and the calls behind which it stood, the last of them where it was killed.
/// </summary>
internal sealed record StepResult(FinishedRun Run, string[] Calls);
