using ServeBench.Hosts.Ownership;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>Which containers are swept: those whose run is certainly gone, and no others.</summary>
public class ContainerLabelsTests
{
    [Fact]
    public void Only_containers_of_dead_runs_are_orphans()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux names a process for ever");
        var labels = ContainerLabels.Of("mine");
        var (owner, realm) = (labels["servebench.owner"], labels["servebench.realm"]);
        var space = realm[(realm.IndexOf('/', StringComparison.Ordinal) + 1)..];
        string[] lines =
        [
            $"1111 {realm} {owner} mine.1", // this very program's
            $"2222 {realm} {Environment.ProcessId}:1 dead.1", // its process id was taken by another since
            $"3333 another-boot/{space} 1:1 dead.2", // of before the system was started anew
            $"4444 another-boot/pid:[1] 1:1 elsewhere.1", // of a program that sees other processes: it may well be alive
            $"5555 {realm.Split('/')[0]}/pid:[1] 1:1 elsewhere.2",
            "6666   ", // labelled by something else
            $"7777 {realm} {Environment.ProcessId}:1 dead.3 {labels["servebench.machine"]}",
            $"8888 another-boot/{space} 1:1 theirs.1 0123456789abcdef", // another machine's that uses the same engine
            $"9999 {realm} {Environment.ProcessId}:1 theirs.2 0123456789abcdef", // and one that is a copy of this one
        ];
        Assert.Equal([("2222", "dead.1"), ("3333", "dead.2"), ("7777", "dead.3")], ContainerLabels.Orphans(string.Join('\n', lines)));
    }
}
