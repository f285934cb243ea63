using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;
using ServeBench.Domain.Faults;

namespace Cake.Frosting.Internal;

/// <summary>Registers the tasks with the engine and runs the target in the way that was asked for.</summary>
internal static class HostCommand
{
    /// <returns>0, or -1 when something failed; what failed has then been logged.</returns>
    public static int Run(IServiceCollection services, IReadOnlyList<string> arguments)
    {
        var faults = new FaultList();
        var line = new HostArguments(arguments, faults);
        services.AddSingleton<ICakeArguments>(new CakeArguments(line.ByName));
        using var provider = services.BuildServiceProvider();
        try
        {
            faults.ThrowIfAny();
            provider.GetRequiredService<ICakeLog>().Verbosity =
                Enum.Parse<Verbosity>(line.Verbosity ?? nameof(Verbosity.Normal), ignoreCase: true);
            SetWorkingDirectory(provider);
            TaskRegistration.Register(provider);
            var host = HostFor(provider, line);
            if (line.IsExclusive) host.Settings.UseExclusiveTarget();
            host.RunTarget(line.Target);
            return 0;
        }
        catch (Exception e)
        {
            provider.GetRequiredService<ICakeLog>().LogException(e);
            return -1;
        }
    }

    private static ScriptHost HostFor(IServiceProvider provider, HostArguments line)
    {
        if (line.IsDryRun) return provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>();
        if (line.IsTree) return provider.GetRequiredService<TreeScriptHost>();
        if (line.IsDescription) return provider.GetRequiredService<DescriptionScriptHost>();
        return provider.GetRequiredService<BuildScriptHost<IFrostingContext>>();
    }

    private static void SetWorkingDirectory(IServiceProvider provider)
    {
        if (provider.GetService<WorkingDirectory>() is not { } given) return;
        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var directory = given.Path.MakeAbsolute(environment);
        if (!provider.GetRequiredService<IFileSystem>().Exist(directory))
            throw new FrostingException($"The working directory '{directory.FullPath}' does not exist.");
        environment.WorkingDirectory = directory;
    }
}
