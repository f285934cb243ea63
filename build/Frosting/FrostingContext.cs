using Cake.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>What tasks are given.</summary>
public interface IFrostingContext : ICakeContext;

/// <summary>The context to derive a program's own from.</summary>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;

/// <summary>Registers services in a class of its own.</summary>
public interface IFrostingStartup
{
    void Configure(IServiceCollection services);
}

/// <summary>The task program itself is wrong (a dependency that is no task).</summary>
public sealed class FrostingException(string message) : Exception(message);
