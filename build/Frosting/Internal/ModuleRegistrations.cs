using Cake.Core.Composition;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>Takes what a Cake module registers and gives it to the service collection.</summary>
internal sealed class ModuleRegistrations : ICakeContainerRegistrar
{
    private readonly List<Registration> _registrations = [];

    public ICakeRegistrationBuilder RegisterType(Type type) => Add(new Registration(type, null));

    public ICakeRegistrationBuilder RegisterInstance<TImplementation>(TImplementation instance)
        where TImplementation : class => Add(new Registration(typeof(TImplementation), instance));

    public void CopyTo(IServiceCollection services)
    {
        foreach (var registration in _registrations) services.Add(registration.Descriptor);
    }

    private Registration Add(Registration registration)
    {
        _registrations.Add(registration);
        return registration;
    }

    private sealed class Registration : ICakeRegistrationBuilder
    {
        private readonly Type _implementation;
        private readonly object? _instance;
        private Type _service;
        private ServiceLifetime _lifetime = ServiceLifetime.Singleton;

        public Registration(Type implementation, object? instance)
        {
            _implementation = implementation;
            _instance = instance;
            _service = implementation;
        }

        public ServiceDescriptor Descriptor => _instance is null
            ? ServiceDescriptor.Describe(_service, _implementation, _lifetime)
            : new ServiceDescriptor(_service, _instance);

        public ICakeRegistrationBuilder As(Type type)
        {
            _service = type;
            return this;
        }

        public ICakeRegistrationBuilder AsSelf() => As(_implementation);

        public ICakeRegistrationBuilder Singleton()
        {
            _lifetime = ServiceLifetime.Singleton;
            return this;
        }

        public ICakeRegistrationBuilder Transient()
        {
            _lifetime = ServiceLifetime.Transient;
            return this;
        }
    }
}
