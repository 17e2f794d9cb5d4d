using System.Buffers;
using System.Text;
using System.Text.Json;
using OpCollector.Events;
using OpCollector.Names.Words;

namespace OpCollector.Tests;

/// <summary>The sentences: each code that 1Password has ever told of, and those it has not.</summary>
public sealed class VocabularySpecs
{
    // Events API 1.2.0, and what 1.4.1 added to it.
    static readonly string[] Actions =
    [
        "activate", "update", "delete", "convert", "enblduo", "updatduo", "disblduo", "rdmchild", "detchild", "dlgsess", "create",
        "deolddev", "dealldev", "reauth", "begin",
        "complete", "propose", "updatfw", "join", "leave", "role", "purge", "view", "export", "replace", "grant", "revoke", "share",
        "delshare", "uisas", "enblmfa", "updatmfa",
        "disblmfa", "musercom", "muserdec", "sendpkg", "resendts", "prsndall", "trename", "tverify", "trevoke", "ssotknv", "enblsso",
        "disblsso", "chngpsso", "chngasso", "chngdsso",
        "delgsso", "addgsso", "cancel", "hide", "unhide", "upguest", "verify", "reactive", "suspend", "beginr", "provsn", "sendts",
        "unknown", "completr", "cancelr", "trvlaway",
        "trvlback", "changeks", "changemp", "changesk", "changenm", "changela", "tdvcsso", "sdvcsso", "patch", "updatea", "vrfydmn",
        "uvrfydmn", "dvrfydmn", "expire", "unlink", "launchi",
    ];

    static readonly string[] Objects =
    [
        "account", "user", "device", "group", "gm", "vault", "item", "items", "itemhist", "vaultkey", "template", "uva", "gva", "invite",
        "ec", "miguser", "sso", "sub", "card", "pm",
        "slackapp", "file", "famchild", "sa", "satoken", "dlgdsess", "ssotkn", "report", "cred", "mngdacc",
    ];

    [Fact]
    public void Each_official_code_has_words_of_its_own()
    {
        using var words = JsonDocument.Parse(
            File.ReadAllText(ShippedFiles.Source("src/OpCollector/Names/Words/vocabulary.json")),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });

        words.RootElement.GetProperty("actions").EnumerateObject().Select(word => word.Name)
            .Should().BeEquivalentTo([.. Actions, "disablmfa", "*"]);
        words.RootElement.GetProperty("objects").EnumerateObject().Select(word => word.Name).Should().BeEquivalentTo([.. Objects, "*"]);
        words.RootElement.GetProperty("pairs").EnumerateObject().Select(pair => pair.Name)
            .Should().BeSubsetOf(Objects.SelectMany(type => Actions.Select(action => $"{type} {action}")));
    }

    [Fact]
    public void Every_pair_of_codes_makes_a_sentence_whatever_is_known_of_it()
    {
        foreach (var type in Objects.Append("moon").Append(""))
        {
            foreach (var action in Actions.Append("telepathy"))
            {
                Say(type, action, "Alice A", "OBJECT", "AUX", "INFO")
                    .Should().MatchRegex(
                        @"^(Alice A|An SSO token|The service account token|Expired: |OBJECT joined)[^{}\[\]|]*[^ :,]$", $"{type} {action}");
                Say(type, action)
                    .Should().MatchRegex(
                        @"^(Somebody|An SSO token|The service account token|Expired: |something joined)[^{}\[\]|]*[^ :,]$",
                        $"{type} {action}")
                    .And.NotContain("  ");
            }
        }
    }

    [Fact]
    public void Each_official_way_to_sign_in_and_to_use_an_item_has_words()
    {
        using var words = JsonDocument.Parse(
            File.ReadAllText(ShippedFiles.Source("src/OpCollector/Names/Words/vocabulary.json")),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });

        words.RootElement.GetProperty("usages").EnumerateObject().Select(word => word.Name).Should().BeEquivalentTo(
            "fill", "select-sso-provider", "enter-item-edit-mode", "export", "share", "secure-copy", "reveal", "server-create",
            "server-update", "server-fetch", "other", "", "*");
        // Of a success the type tells nothing more.
        words.RootElement.GetProperty("signIns").EnumerateObject().Select(word => word.Name).Should().BeEquivalentTo(
            "success", "firewall_reported_success", "password_secret_bad", "mfa_missing", "totp_disabled", "totp_bad", "totp_timeout",
            "u2f_disabled", "u2f_bad", "u2f_timout", "u2f_timeout", "duo_disabled",
            "duo_bad", "duo_timeout", "duo_native_bad", "service_account_sso_denied", "non_sso_user", "sso_user_mismatch",
            "platform_secret_disabled", "platform_secret_bad", "platform_secret_proxy",
            "code_disabled", "code_bad", "code_timeout", "ip_blocked", "continent_blocked", "country_blocked", "anonymous_blocked",
            "all_blocked", "modern_version_missing", "modern_version_old", "*");
    }

    [Theory]
    [InlineData("gm join", "R", "Alice A added AUX to the group OBJECT as a member")]
    [InlineData("gm join", "Z", "Alice A added AUX to the group OBJECT")]
    [InlineData("gm role", "A", "Alice A changed the role of AUX in the group OBJECT: now a manager")]
    [InlineData("gm leave", "", "Alice A removed AUX from the group OBJECT")]
    [InlineData("items patch", "0,0,2,0,0", "Alice A deleted 2 items from the vault OBJECT")]
    [InlineData("items patch", "1,0,0,0,0", "Alice A created 1 item in the vault OBJECT")]
    [InlineData("items patch", "0,3,0,0,0", "Alice A edited 3 items in the vault OBJECT")]
    [InlineData("items patch", "1,2,3,0,0", "Alice A created 1, edited 2 and deleted 3 items in the vault OBJECT")]
    [InlineData("items patch", "1,1,0,0,0", "Alice A created 1 and edited 1 item in the vault OBJECT")]
    [InlineData("items patch", "0,2,1,0,0", "Alice A edited 2 and deleted 1 item in the vault OBJECT")]
    [InlineData("items patch", "0,0,0,1,0", "Alice A changed items in the vault OBJECT")]
    [InlineData("items patch", "", "Alice A changed items in the vault OBJECT")]
    [InlineData("items patch", "5", "Alice A changed items in the vault OBJECT")]
    [InlineData("items patch", "1,-1,0", "Alice A changed items in the vault OBJECT")]
    [InlineData("items patch", "99999999999999999999,0,0", "Alice A changed items in the vault OBJECT")]
    [InlineData("items delete", "2", "Alice A deleted 2 items from the vault OBJECT")]
    [InlineData("items delete", "1", "Alice A deleted 1 item from the vault OBJECT")]
    [InlineData("items delete", "", "Alice A deleted items from the vault OBJECT")]
    [InlineData("invite create", "eve@acme.example", "Alice A invited eve@acme.example")]
    [InlineData("invite create", "", "Alice A invited somebody")]
    [InlineData("uva grant", "0", "Alice A granted AUX access to the vault OBJECT")]
    [InlineData("gva grant", "0", "Alice A granted the group AUX access to the vault OBJECT")]
    [InlineData("user disblmfa", "totp", "Alice A disabled two-factor authentication for OBJECT")]
    [InlineData("account disblmfa", "totp", "Alice A disabled two-factor authentication for the account")]
    [InlineData("account disablmfa", "", "Alice A disabled two-factor authentication for the account")]
    [InlineData("user beginr", "", "Alice A began the account recovery of OBJECT")]
    [InlineData("cred update", "", "Alice A updated the passkey OBJECT")]
    [InlineData("satoken expire", "", "The service account token OBJECT expired")]
    [InlineData("account uvrfydmn", "acme.example", "Alice A removed the verification of the domain acme.example")]
    [InlineData("sso addgsso", "", "Alice A added a group to Unlock with SSO: AUX")]
    [InlineData("sso delgsso", "", "Alice A removed a group from Unlock with SSO: AUX")]
    [InlineData("user telepathy", "", "Alice A performed the action telepathy on OBJECT")]
    [InlineData("moon update", "", "Alice A updated the object OBJECT (moon)")]
    [InlineData("moon telepathy", "", "Alice A performed the action telepathy on the object OBJECT (moon)")]
    public void What_is_known_is_said(string pair, string auxInfo, string sentence) =>
        Say(pair.Split(' ')[0], pair.Split(' ')[1], "Alice A", "OBJECT", "AUX", auxInfo).Should().Be(sentence);

    [Theory]
    [InlineData("gm join", "Somebody added somebody to the group something")]
    [InlineData("vault export", "Somebody exported something")]
    [InlineData("account update", "Somebody updated the account")]
    [InlineData(" telepathy", "Somebody performed the action telepathy")]
    public void For_what_is_not_told_there_is_a_word(string pair, string sentence) =>
        Say(pair.Split(' ')[0], pair.Split(' ')[1]).Should().Be(sentence);

    static string Say(string type, string action, string actor = "", string target = "", string aux = "", string auxInfo = "")
    {
        var json = new ArrayBufferWriter<byte>();
        byte[][] words = [.. new[] { type, action, actor, target, aux, auxInfo }.Select(Encoding.UTF8.GetBytes)];
        Vocabulary.Standard.Sentence(words[0], words[1]).WriteTo(json, new SentenceValues
        {
            Type = words[0],
            Action = words[1],
            Actor = words[2],
            Object = words[3],
            Aux = words[4],
            AuxInfo = words[5],
            It = Vocabulary.Standard.Object(words[0]).As,
        });
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
