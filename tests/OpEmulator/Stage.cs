using OpEmulator.Dialects;
using OpEmulator.Scenarios;
using OpEmulator.Streams;

namespace OpEmulator;

/// <summary>Everything one call of op can see while it plays its part.</summary>
internal sealed record Stage(
    Home Home,
    Scenario Scenario,
    Dialect Dialect,
    CommandLine CommandLine,
    StandardInput Input,
    Fault? Fault);
