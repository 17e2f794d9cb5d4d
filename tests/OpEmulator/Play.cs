using OpEmulator.Commands;
using OpEmulator.Dialects;
using OpEmulator.Faults;
using OpEmulator.Scenarios;
using OpEmulator.Sessions;
using OpEmulator.Streams;

namespace OpEmulator;

/// <summary>One call of op, from its arguments to what it prints and its exit code.</summary>
internal static class Play
{
    public static Answer Perform(Home home, string[] args)
    {
        var stage = Begin(home, args);
        FaultBefore.Play(stage);
        try
        {
            return FaultAfter.Play(stage, Command(stage));
        }
        catch (OpFailure failure)
        {
            return failure.Answer;
        }
    }

    static Stage Begin(Home home, string[] args)
    {
        var scenario = ScenarioFile.Read(home.Scenario);
        var dialect = Dialect.Of(scenario.Version);
        var commandLine = dialect.Parse(args);
        var input = new StandardInput();

        using var ledger = Ledger.Open(home.Ledger);
        var call = ledger.Add("calls", 1);
        var fault = FaultChoice.Of(scenario, commandLine.Command, ledger);
        Journal.Append(home.Journal, call, commandLine.Command, args, input.Kind);
        return new Stage(home, scenario, dialect, commandLine, input, fault);
    }

    static Answer Command(Stage stage)
    {
        if (!stage.Dialect.Understands(stage.CommandLine))
        {
            return stage.Dialect.Usage(stage.CommandLine);
        }

        return stage.CommandLine.Command switch
        {
            "--version" => Version(stage),
            "signin" => new SignIn(stage).Run(),
            "signout" => new SignOut(stage).Run(),
            "list events" => new ListEvents(stage).Run(),
            _ => new ListNames(stage).Run(),
        };
    }

    static Answer Version(Stage stage)
    {
        FaultInstead.Play(stage);
        return Answer.Of(stage.Scenario.Version + "\n", stage.Dialect.VersionExitCode);
    }
}
