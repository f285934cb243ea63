using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>The one command: registers the tasks with the engine and runs the targets in the way that was asked for.</summary>
internal sealed class HostCommand(IServiceCollection services) : Command<HostSettings>
{
    public override int Execute(CommandContext context, HostSettings settings, CancellationToken cancellationToken)
    {
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.Targets));
        services.AddSingleton(context.Remaining);
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<ICakeLog>().Verbosity = settings.Verbosity;
            SetWorkingDirectory(provider, settings.WorkingDirectory);
            TaskRegistration.Register(provider);
            var host = HostFor(provider, settings);
            if (settings.Exclusive) host.Settings.UseExclusiveTarget();
            host.RunTargets(settings.Targets);
            return 0;
        }
        catch (Exception e)
        {
            provider.GetRequiredService<ICakeLog>().LogException(e);
            return -1;
        }
    }

    private static ScriptHost HostFor(IServiceProvider provider, HostSettings settings)
    {
        if (settings.DryRun) return provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>();
        if (settings.Tree) return provider.GetRequiredService<TreeScriptHost>();
        if (settings.Description) return provider.GetRequiredService<DescriptionScriptHost>();
        return provider.GetRequiredService<BuildScriptHost<IFrostingContext>>();
    }

    private static void SetWorkingDirectory(IServiceProvider provider, string? given)
    {
        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var directory = given is null ? provider.GetService<WorkingDirectory>()?.Path : new DirectoryPath(given);
        if (directory is null) return;
        directory = directory.MakeAbsolute(environment);
        if (!provider.GetRequiredService<IFileSystem>().Exist(directory)) throw new FrostingException($"The working directory '{directory.FullPath}' does not exist.");
        environment.WorkingDirectory = directory;
    }
}
