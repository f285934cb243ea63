using System.Reflection;
using Cake.Cli;
using Cake.Common.Modules;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.Modules;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Cake.Frosting;

/// <summary>Finds the tasks of the registered assemblies, parses the command line and runs the Cake engine.</summary>
public sealed class CakeHost
{
    private readonly ServiceCollection _services = new();
    private readonly HashSet<Assembly> _assemblies = [];

    public CakeHost()
    {
        if (Assembly.GetEntryAssembly() is { } program) _assemblies.Add(program);
        _services.AddSingleton<ICakeLog, CakeBuildLog>();
        _services.AddSingleton<IConsole, CakeConsole>();
        _services.AddSingleton(AnsiConsole.Console);
        _services.AddSingleton<ICakeReportPrinter, CakeReportPrinter>();
        _services.AddSingleton<ICakeConfiguration, SettingsConfiguration>();
        _services.AddSingleton<BuildScriptHost<IFrostingContext>>();
        _services.AddSingleton<DryRunScriptHost<IFrostingContext>>();
        _services.AddSingleton<TreeScriptHost>();
        _services.AddSingleton<DescriptionScriptHost>();
        _services.AddSingleton<FrostingContext>();
        _services.AddSingleton<IFrostingContext>(provider => provider.GetRequiredService<FrostingContext>());
        this.UseModule<CoreModule>().UseModule<CommonModule>();
    }

    public static CakeHost Create() => new();

    /// <summary>Adds an assembly whose public task classes can be run.</summary>
    public CakeHost AddAssembly(Assembly assembly)
    {
        _assemblies.Add(assembly);
        return this;
    }

    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        services(_services);
        return this;
    }

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>0, or -1 when something failed; what failed has then been logged.</returns>
    public int Run(IEnumerable<string> args)
    {
        var tasks = _assemblies.SelectMany(a => a.GetExportedTypes())
            .Where(type => typeof(IFrostingTask).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false });
        foreach (var task in tasks) _services.AddSingleton(typeof(IFrostingTask), task);

        return HostCommand.Run(_services, [.. args]);
    }
}
