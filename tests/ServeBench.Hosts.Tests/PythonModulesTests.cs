using ServeBench.Hosts.Process;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests;

/// <summary>What a stack needs of this machine's Python.</summary>
[Lane("python")]
public sealed class PythonModulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly ProcessHost _host = new(NullStack.Bin, new CommandRunner());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[json, sys]", null)]
    [InlineData("[json, servebench_nonsense, servebench_folly]", "/bin/python has no module servebench_nonsense, servebench_folly. Install them for that Python.")]
    public async Task Missing_modules_of_this_machines_Python_are_told(string modules, string? told)
    {
        var python = FakeFile("/bin/python");
        var asked = 0;
        var host = new ProcessHost(NullStack.Bin, new FakeRunner(command =>
        {
            asked++;
            Assert.Equal(python, command.Program);
            Assert.Equal("-c", command.Arguments[0]);
            return "python\t3.13.5\tx\n" + string.Concat(command.Arguments.Skip(2).Select(m => m.StartsWith("servebench", StringComparison.Ordinal) ? $"{m}\n" : $"{m}\t\tx\n"));
        }));
        var stack = NullStack.Stack(host, $$"""
            command: {{python}}
            requires: { python-modules: {{modules}} }
            """);
        await host.LookAsync([stack], Cancelled);
        Assert.Equal(told?.Replace("/bin/python", python, StringComparison.Ordinal), host.CannotRun(stack)?.ToString());
        await host.LookAsync([stack], Cancelled);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task What_the_machine_lacks_is_had_in_the_container_of_a_stack_that_has_one()
    {
        var host = new ProcessHost(NullStack.Bin, new FakeRunner(_ => "python\t3.13.5\tx\nservebench_nonsense\n"));
        var stack = NullStack.Stack(host, $$"""
            command: {{FakeFile("/bin/python")}}
            requires: { python-modules: [servebench_nonsense], remedy: Get it }
            """);
        await host.LookAsync([stack], Cancelled);
        Assert.EndsWith("has no module servebench_nonsense. Get it.", host.CannotRun(stack)?.ToString(), StringComparison.Ordinal);
        stack = stack with { Hosts = new Dictionary<string, object>(stack.Hosts) { ["docker"] = "a section" } };
        Assert.EndsWith("has no module servebench_nonsense. Get it, or have it in its container with --host=docker.", host.CannotRun(stack)?.ToString(), StringComparison.Ordinal);

        // So it is where its program is not there at all, and never where nothing is missing.
        var absent = NullStack.Stack(host, "command: no-such-program-anywhere\n");
        Assert.EndsWith("--host=docker.", host.CannotRun(absent with { Hosts = new Dictionary<string, object>(absent.Hosts) { ["docker"] = "a section" } })?.ToString(), StringComparison.Ordinal);
        var whole = NullStack.Stack(host);
        Assert.Null(host.CannotRun(whole with { Hosts = new Dictionary<string, object>(whole.Hosts) { ["docker"] = "a section" } }));
    }

    /// <summary>A library of images is nothing that a server of texts needs.</summary>
    [Fact]
    public async Task Modules_of_a_group_are_needed_where_it_is_served()
    {
        var python = FakeFile("/bin/python");
        var host = new ProcessHost(NullStack.Bin, new FakeRunner(command =>
        {
            Assert.Equal(["json", "servebench_images"], command.Arguments.Skip(2));
            return "python\t3.13.5\tx\njson\t\tx\nservebench_images\n";
        }));
        var stack = NullStack.Stack(host, $$"""
            command: {{python}}
            requires: { python-modules: [json], python-modules-of: { images: [servebench_images] }, remedy: Get it }
            """);
        await host.LookAsync([stack], Cancelled);
        Assert.Null(host.CannotRun(stack with { Groups = ["texts"] }));
        Assert.Equal($"{python} has no module servebench_images. Get it.", host.CannotRun(stack with { Groups = ["images"] })?.ToString());
        Assert.NotNull(host.CannotRun(stack with { Groups = ["texts", "images"] }));
    }

    [Fact]
    public async Task What_only_another_group_needs_is_no_other_fingerprint()
    {
        var python = FakeFile("/bin/python");
        async Task<(string OfTexts, string OfImages, IReadOnlyDictionary<string, string> Versions)> With(string images)
        {
            var host = new ProcessHost(NullStack.Bin, new FakeRunner(_ => $"python\t3.13.5\tx\njson\t\tx\nservebench_images\t{images}\ty\n"));
            var stack = NullStack.Stack(host, $$"""
                command: {{python}}
                requires: { python-modules: [json], python-modules-of: { images: [servebench_images] } }
                """);
            await host.LookAsync([stack], Cancelled);
            var ofTexts = host.Fingerprint(stack with { Groups = ["texts"] });
            var versions = host.Versions.ToDictionary();
            return (ofTexts, host.Fingerprint(stack with { Groups = ["images"] }), versions);
        }
        var (first, upgraded) = (await With("1.0"), await With("2.0"));
        Assert.Equal(first.OfTexts, upgraded.OfTexts);
        Assert.NotEqual(first.OfImages, upgraded.OfImages);
        Assert.DoesNotContain(first.Versions.Keys, k => k.StartsWith("servebench_images", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_real_Python_is_asked_without_importing()
    {
        var python = Array.Find(["/usr/bin/python3", "/usr/local/bin/python3"], File.Exists);
        Assert.SkipWhen(python is null, "there is no Python here");
        var stack = NullStack.Stack(_host, $$"""
            command: {{python}}
            requires: { python-modules: [json, servebench_nonsense], remedy: Get it }
            """);
        await _host.LookAsync([stack], Cancelled);
        Assert.Equal($"{python} has no module servebench_nonsense. Get it.", _host.CannotRun(stack)?.ToString());
    }

    [Fact]
    public async Task An_upgraded_module_is_another_fingerprint_and_versions_are_told()
    {
        var python = FakeFile("/bin/python");
        async Task<(string Fingerprint, IReadOnlyDictionary<string, string> Versions)> With(string interpreter, string onnxruntime, string record = "a")
        {
            var host = new ProcessHost(NullStack.Bin, new FakeRunner(_ => $"python\t{interpreter}\tGCC\njson\t\t/lib/json\nonnxruntime\t{onnxruntime}\t{record}\n"));
            var stack = NullStack.Stack(host, $$"""
                command: {{python}}
                requires: { python-modules: [json, onnxruntime] }
                """);
            await host.LookAsync([stack], Cancelled);
            return (host.Fingerprint(stack), host.Versions);
        }
        var first = await With("3.13.5", "1.22.0");
        Assert.Equal(first.Fingerprint, (await With("3.13.5", "1.22.0")).Fingerprint);
        Assert.NotEqual(first.Fingerprint, (await With("3.13.5", "1.23.0")).Fingerprint);
        Assert.NotEqual(first.Fingerprint, (await With("3.13.6", "1.22.0")).Fingerprint);
        // The same version, built otherwise.
        Assert.NotEqual(first.Fingerprint, (await With("3.13.5", "1.22.0", "b")).Fingerprint);
        Assert.Equal(new Dictionary<string, string> { [$"Python ({python})"] = "3.13.5", [$"onnxruntime ({python})"] = "1.22.0" }, first.Versions);
    }

    [Fact]
    public async Task A_module_that_the_real_Python_finds_is_told_with_its_version_when_it_is_replaced()
    {
        var python = Array.Find(["/usr/bin/python3", "/usr/local/bin/python3"], File.Exists);
        Assert.SkipWhen(python is null || OperatingSystem.IsWindows(), "there is no Python here");
        // A Python of our own in front of the real one, which sees one more folder of modules.
        var program = Path.Combine(_folder, "python");
        File.WriteAllText(program, $"#!/bin/sh\nPYTHONPATH={_folder} exec {python} \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        async Task<(string, string?)> With(string version)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "servebench_module"));
            File.WriteAllText(Path.Combine(_folder, "servebench_module", "__init__.py"), "raise Exception('nobody is to import this')");
            var info = Directory.CreateDirectory(Path.Combine(_folder, "servebench_module.dist-info")).FullName;
            File.WriteAllText(Path.Combine(info, "METADATA"), $"Metadata-Version: 2.1\nName: servebench_module\nVersion: {version}\n");
            File.WriteAllText(Path.Combine(info, "top_level.txt"), "servebench_module\n");
            File.WriteAllText(Path.Combine(info, "RECORD"), "servebench_module/__init__.py,sha256=x,1\n");
            var host = new ProcessHost(NullStack.Bin, new CommandRunner());
            var stack = NullStack.Stack(host, $$"""
                command: {{program}}
                requires: { python-modules: [servebench_module] }
                """);
            await host.LookAsync([stack], Cancelled);
            Assert.Null(host.CannotRun(stack));
            return (host.Fingerprint(stack), host.Versions.GetValueOrDefault($"servebench_module ({program})"));
        }
        var (first, version) = await With("1.0");
        Assert.Equal("1.0", version);
        Assert.Equal(first, (await With("1.0")).Item1);
        Assert.NotEqual(first, (await With("1.1")).Item1);
    }

    private string FakeFile(string name)
    {
        var path = Path.Combine(_folder, Path.GetFileName(name));
        File.WriteAllText(path, "");
        return path;
    }
}
