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
            stage.Scenario.Members.GetValueOrDefault(group) ?? throw Unknown(group, "group"),
        "list users" when stage.Dialect.ListsMembers && stage.CommandLine.Value("vault") is { } vault =>
            stage.Scenario.VaultUsers.GetValueOrDefault(vault) ?? throw Unknown(vault, "vault"),
        "list groups" when stage.Dialect.ListsMembers && stage.CommandLine.Value("vault") is { } vault =>
            stage.Scenario.VaultGroups.GetValueOrDefault(vault) ?? throw Unknown(vault, "vault"),
        "list groups" when stage.Dialect.ListsMembers && stage.CommandLine.Value("user") is { } user =>
            stage.Scenario.UserGroups.GetValueOrDefault(user) ?? throw Unknown(user, "user"),
        "list vaults" when stage.Dialect.ListsMembers && stage.CommandLine.Value("user") is { } user =>
            stage.Scenario.UserVaults.GetValueOrDefault(user) ?? throw Unknown(user, "user"),
        "list vaults" when stage.Dialect.ListsMembers && stage.CommandLine.Value("group") is { } group =>
            stage.Scenario.GroupVaults.GetValueOrDefault(group) ?? throw Unknown(group, "group"),
        "list users" => stage.Scenario.Users ?? stage.Dialect.DefaultUsers,
        "list groups" => stage.Scenario.Groups ?? DefaultLists.Groups,
        _ => stage.Scenario.Vaults ?? DefaultLists.Vaults,
    };

    OpFailure Unknown(string uuid, string kind) => stage.Dialect.Failure(
        $"\"{uuid}\" doesn't seem to be a {kind} in this account. Specify the {kind} with its UUID or name.");
}
