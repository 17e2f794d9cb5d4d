using OpEmulator;
using OpEmulator.Streams;

// Not one of op's own exit codes (1, 2 and a HTTP status mod 256): a mistake in a scenario must not look like a refusal of op.
const int ownMistake = 99;

try
{
    return StandardOutput.Print(Play.Perform(Home.FromEnvironment(), args));
}
#pragma warning disable CA1031 // The one catch-all: whatever goes wrong here must reach the test's author as one line.
catch (Exception e)
#pragma warning restore CA1031
{
    StandardOutput.Complain($"op-emulator: {e.GetType().Name}: {e.Message}\n");
    return ownMistake;
}
