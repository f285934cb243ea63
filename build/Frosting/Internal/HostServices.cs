using Cake.Core.Configuration;
using Cake.Core.IO;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

internal sealed record WorkingDirectory(DirectoryPath Path);

internal sealed record CakeSetting(string Key, string Value);

/// <summary>Cake's configuration out of what <see cref="CakeHostExtensions.UseCakeSetting"/> gave; names are not case-sensitive.</summary>
internal sealed class SettingsConfiguration(IEnumerable<CakeSetting> settings) : ICakeConfiguration
{
    private readonly Dictionary<string, string> _settings = settings
        .GroupBy(s => s.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.OrdinalIgnoreCase);

    public string? GetValue(string key) => _settings.GetValueOrDefault(key);
}

/// <summary>Lets the command-line parser create commands with services.</summary>
internal sealed class ServiceRegistrar : ITypeRegistrar
{
    private readonly ServiceCollection _services = new();

    public void Register(Type service, Type implementation) => _services.AddSingleton(service, implementation);

    public void RegisterInstance(Type service, object implementation) => _services.AddSingleton(service, implementation);

    public void RegisterLazy(Type service, Func<object> factory) => _services.AddSingleton(service, _ => factory());

    public ITypeResolver Build() => new Resolver(_services.BuildServiceProvider());

    private sealed class Resolver(ServiceProvider provider) : ITypeResolver
    {
        public object? Resolve(Type? type) => type is null ? null : provider.GetService(type);
    }
}
