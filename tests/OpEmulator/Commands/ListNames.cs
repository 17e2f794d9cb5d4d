using OpEmulator.Scenarios;

namespace OpEmulator.Commands;

/// <summary><c>op list users</c>, <c>groups</c> and <c>vaults</c>: the names behind the ids.</summary>
internal sealed class ListNames(Stage stage)
{
    public Answer Run()
    {
        SignedIn.Enter(stage, SignedIn.TokenFromInput(stage));
        return Answer.Of(List() + "\n");
    }

    string List() => stage.CommandLine.Command switch
    {
        "list users" => stage.Scenario.Users ?? stage.Dialect.DefaultUsers,
        "list groups" => stage.Scenario.Groups ?? DefaultLists.Groups,
        _ => stage.Scenario.Vaults ?? DefaultLists.Vaults,
    };
}
