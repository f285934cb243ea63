using System.Reflection;
using Cake.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>Registers every task, its dependencies and its hooks with the engine.</summary>
internal static class TaskRegistration
{
    public static void Register(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<ICakeEngine>();
        var context = provider.GetRequiredService<IFrostingContext>();
        foreach (var task in provider.GetServices<IFrostingTask>()) Register(engine, context, task);

        if (provider.GetService<IFrostingSetup>() is { } setup) engine.RegisterSetupAction(info => setup.Setup(context, info));
        if (provider.GetService<IFrostingTeardown>() is { } teardown)
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
        if (provider.GetService<IFrostingTaskSetup>() is { } taskSetup)
            engine.RegisterTaskSetupAction(info => taskSetup.Setup(context, info));
        if (provider.GetService<IFrostingTaskTeardown>() is { } taskTeardown)
            engine.RegisterTaskTeardownAction(info => taskTeardown.Teardown(context, info));
    }

    private static void Register(ICakeEngine engine, IFrostingContext context, IFrostingTask task)
    {
        var type = task.GetType();
        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } description) builder.Description(description.Description);
        foreach (var dependency in type.GetCustomAttributes<IsDependentOnAttribute>())
            builder.IsDependentOn(NameOf(Checked(type, dependency.Task)));
        foreach (var dependee in type.GetCustomAttributes<IsDependeeOfAttribute>())
            builder.IsDependeeOf(NameOf(Checked(type, dependee.Task)));
        if (type.GetCustomAttribute<ContinueOnErrorAttribute>() is not null) builder.ContinueOnError();

        if (Overrides(type, "Run") || Overrides(type, "RunAsync")) builder.Does(() => task.RunAsync(context));
        if (Overrides(type, nameof(IFrostingTask.ShouldRun))) builder.WithCriteria(_ => task.ShouldRun(context), task.SkippedMessage);
        if (Overrides(type, nameof(IFrostingTask.OnError))) builder.OnError(exception => task.OnError(exception, context));
        if (Overrides(type, nameof(IFrostingTask.Finally))) builder.Finally(() => task.Finally(context));
    }

    private static string NameOf(Type task) => task.GetCustomAttribute<TaskNameAttribute>()?.Name ?? task.Name;

    private static Type Checked(Type task, Type dependency) => typeof(IFrostingTask).IsAssignableFrom(dependency)
        ? dependency
        : throw new FrostingException($"{task.Name} depends on {dependency.Name}, which is not a task.");

    /// <summary>
    /// Whether a task has its own version of a hook. Only then is it registered: an error handler, for one, swallows the error.
    /// </summary>
    private static bool Overrides(Type task, string method) => task
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Any(
            m => m.Name == method
                && m.IsVirtual
                && m.GetBaseDefinition().DeclaringType != m.DeclaringType
                && !m.DeclaringType!.IsGenericType);
}
