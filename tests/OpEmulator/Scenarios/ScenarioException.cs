namespace OpEmulator.Scenarios;

/// <summary>A scenario or a history that cannot be played as it is written.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
