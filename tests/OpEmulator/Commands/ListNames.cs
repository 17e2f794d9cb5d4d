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
        "list users" when stage.Dialect.ListsMembers && stage.CommandLine.Value("group") is { } group =>
            stage.Scenario.Members.GetValueOrDefault(group)
                ?? throw stage.Dialect.Failure(
                    $"\"{group}\" doesn't seem to be a group in this account. Specify the group with its UUID or name."),
        "list users" => stage.Scenario.Users ?? stage.Dialect.DefaultUsers,
        "list groups" => stage.Scenario.Groups ?? DefaultLists.Groups,
        _ => stage.Scenario.Vaults ?? DefaultLists.Vaults,
    };
}
