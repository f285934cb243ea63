using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests;

/// <summary>What a stack needs of this machine's Python.</summary>
public sealed class PythonModulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("[json, sys]", null)]
    [InlineData("[json, servebench_nonsense, servebench_folly]", "/bin/python has no module servebench_nonsense, servebench_folly. Install them for that Python.")]
    public void Missing_modules_of_this_machines_Python_are_told(string modules, string? told)
    {
        var python = FakeFile("/bin/python");
        var asked = 0;
        var host = new ProcessHost(NullStack.Bin, new FakeRunner(command =>
        {
            asked++;
            Assert.Equal(python, command.Program);
            Assert.Equal("-c", command.Arguments[0]);
            return string.Join(' ', command.Arguments.Skip(2).Where(m => m.StartsWith("servebench", StringComparison.Ordinal)));
        }));
        var stack = NullStack.Stack(host, $$"""
            command: {{python}}
            requires: { python-modules: {{modules}} }
            """);
        Assert.Equal(told?.Replace("/bin/python", python, StringComparison.Ordinal), host.CannotRun(stack)?.ToString());
        host.CannotRun(stack);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void The_real_Python_is_asked_without_importing()
    {
        var python = Array.Find(["/usr/bin/python3", "/usr/local/bin/python3"], File.Exists);
        Assert.SkipWhen(python is null, "there is no Python here");
        var stack = NullStack.Stack(_host, $$"""
            command: {{python}}
            requires: { python-modules: [json, servebench_nonsense], remedy: Get it }
            """);
        Assert.Equal($"{python} has no module servebench_nonsense. Get it.", _host.CannotRun(stack)?.ToString());
    }

    private string FakeFile(string name)
    {
        var path = Path.Combine(_folder, Path.GetFileName(name));
        File.WriteAllText(path, "");
        return path;
    }
}
