using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;

namespace ServeBench.Build.Tests.Frosting;

/// <summary>The layer over the engine behaves as the package it stands in for; these tests pass with either.</summary>
public class CakeHostTests
{
    private static (int Code, IReadOnlyList<string> Told) Run(params string[] arguments)
    {
        var told = new List<string>();
        var code = CakeHost.Create()
            .AddAssembly(typeof(CakeHostTests).Assembly)
            .UseLifetime<Lifetime>()
            .ConfigureServices(services => services.AddSingleton(told).AddSingleton<ICakeLog, NoLog>())
            .UseContext<Context>()
            .Run([.. arguments, "--verbosity=quiet"]);
        return (code, told);
    }

    [Fact]
    public void Dependencies_run_first_once_and_in_the_order_of_their_declaration()
    {
        var (code, told) = Run("--target=Top");
        Assert.Equal(0, code);
        Assert.Equal(["setup", "bottom", "left", "right", "dependee", "top", "finally top", "teardown ok"], told);
    }

    [Fact]
    public void Exclusive_runs_the_target_alone() => Assert.Equal(["setup", "left", "teardown ok"], Run("--target=Left", "--exclusive").Told);

    [Fact]
    public void A_failure_ends_the_run_and_reaches_the_teardown()
    {
        var (code, told) = Run("--target=AfterFailure");
        Assert.NotEqual(0, code);
        Assert.Equal(["setup", "failing", "teardown planned"], told);
    }

    [Fact]
    public void A_task_may_handle_its_error_or_be_allowed_to_fail()
    {
        Assert.Equal(["setup", "handled: planned", "teardown ok"], Run("--target=Handles").Told);
        Assert.Equal(["setup", "bottom", "teardown ok"], Run("--target=AfterTolerated").Told);
    }

    [Fact]
    public void A_step_on_the_way_may_be_skipped_but_not_the_target()
    {
        Assert.Equal((0, "setup bottom teardown ok"), Run("--target=AfterSkipped") is var (code, told) ? (code, string.Join(' ', told)) : default);
        Assert.NotEqual(0, Run("--target=Skipped").Code);
    }

    [Theory]
    [InlineData("--tree")]
    [InlineData("--dryrun")]
    [InlineData("--description")]
    public void Showing_does_nothing(string option)
    {
        var (code, told) = Run("--target=Top", option);
        Assert.Equal(0, code);
        Assert.DoesNotContain("top", told);
    }

    [Fact]
    public void A_target_that_is_not_there_is_an_error() => Assert.NotEqual(0, Run("--target=Nothing").Code);

    public sealed class Context(ICakeContext context, List<string> told) : FrostingContext(context)
    {
        public List<string> Told { get; } = told;
    }

    public sealed class Lifetime : FrostingLifetime<Context>
    {
        public override void Setup(Context context, ISetupContext info) => context.Told.Add("setup");

        public override void Teardown(Context context, ITeardownContext info) =>
            context.Told.Add($"teardown {(info.ThrownException is null ? "ok" : info.ThrownException.Message)}");
    }

    private sealed class NoLog : ICakeLog
    {
        public Verbosity Verbosity { get; set; }

        public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args) { }
    }
}

[TaskName("Bottom")]
public sealed class BottomTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => context.Told.Add("bottom");
}

[TaskName("Left")]
[IsDependentOn(typeof(BottomTask))]
public sealed class LeftTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => context.Told.Add("left");
}

[TaskName("Right")]
[IsDependentOn(typeof(BottomTask))]
public sealed class RightTask : AsyncFrostingTask<CakeHostTests.Context>
{
    public override async Task RunAsync(CakeHostTests.Context context)
    {
        await Task.Yield();
        context.Told.Add("right");
    }
}

[TaskName("Top")]
[TaskDescription("The top of a diamond")]
[IsDependentOn(typeof(LeftTask))]
[IsDependentOn(typeof(RightTask))]
public sealed class TopTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => context.Told.Add("top");

    public override void Finally(CakeHostTests.Context context) => context.Told.Add("finally top");
}

[TaskName("Dependee")]
[IsDependeeOf(typeof(TopTask))]
public sealed class DependeeTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => context.Told.Add("dependee");
}

[TaskName("Failing")]
public sealed class FailingTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context)
    {
        context.Told.Add("failing");
        throw new InvalidOperationException("planned");
    }
}

[TaskName("AfterFailure")]
[IsDependentOn(typeof(FailingTask))]
public sealed class AfterFailureTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => context.Told.Add("after failure");
}

[TaskName("Handles")]
public sealed class HandlesTask : AsyncFrostingTask<CakeHostTests.Context>
{
    public override Task RunAsync(CakeHostTests.Context context) => throw new InvalidOperationException("planned");

    public override void OnError(Exception exception, CakeHostTests.Context context) => context.Told.Add($"handled: {exception.Message}");
}

[TaskName("Tolerated")]
[ContinueOnError]
public sealed class ToleratedTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => throw new InvalidOperationException("planned");
}

[TaskName("AfterTolerated")]
[IsDependentOn(typeof(ToleratedTask))]
[IsDependentOn(typeof(BottomTask))]
public sealed class AfterToleratedTask : FrostingTask<CakeHostTests.Context>;

[TaskName("Skipped")]
public sealed class SkippedTask : FrostingTask<CakeHostTests.Context>
{
    public override void Run(CakeHostTests.Context context) => context.Told.Add("skipped ran");

    public override bool ShouldRun(CakeHostTests.Context context) => false;
}

[TaskName("AfterSkipped")]
[IsDependentOn(typeof(SkippedTask))]
[IsDependentOn(typeof(BottomTask))]
public sealed class AfterSkippedTask : FrostingTask<CakeHostTests.Context>;
