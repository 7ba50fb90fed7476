package io.espalier.configs.plugin;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Intercepts the calls of a plug-in's object. A {@link PluginCall} goes to the checks, where they
 * have the method, or else to the object, and its failure names the plug-in. Other methods of the
 * interface are what it derives from these.
 */
record PluginProxy(PluginGuard guard, Object object, Object checks, Set<Method> checked)
    implements InvocationHandler {
  static <T> T of(PluginGuard guard, Class<T> type, T object, T checks) {
    Set<Method> checked =
        Stream.of(type.getMethods())
            .filter(method -> has(checks, method))
            .collect(Collectors.toUnmodifiableSet());
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new PluginProxy(guard, object, checks, checked)));
  }

  static boolean is(Object object) {
    return Proxy.isProxyClass(object.getClass())
        && Proxy.getInvocationHandler(object) instanceof PluginProxy;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] arguments = given == null ? new Object[0] : given;
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, method, arguments);
    }
    PluginCall call = method.getAnnotation(PluginCall.class);
    if (call == null) {
      return method.isDefault()
          ? InvocationHandler.invokeDefault(proxy, method, arguments)
          : method.invoke(object, arguments);
    }
    Object target = checked.contains(method) ? checks : object;
    Callable<Object> code = () -> answer(target, method, arguments);
    String doing = doing(call.value(), arguments);
    return call.prepares() ? guard.prepare(doing, code) : guard.run(doing, code);
  }

  private Object ofObject(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> guard.toString();
    };
  }

  /** Whether an object's class has a method itself, and does not inherit it from an interface. */
  private static boolean has(Object checks, Method method) {
    try {
      return !checks
          .getClass()
          .getMethod(method.getName(), method.getParameterTypes())
          .getDeclaringClass()
          .isInterface();
    } catch (NoSuchMethodException e) {
      return false; // a static method of the interface
    }
  }

  /** Returns what a method does, and a stand-in for nothing, which callers of it ignore. */
  private static @Nullable Object answer(Object target, Method method, Object[] arguments)
      throws Exception {
    try {
      Object answer = method.invoke(target, arguments);
      return method.getReturnType() == void.class ? "" : answer;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static String doing(String text, Object[] arguments) {
    String doing = text;
    for (int i = 0; text.contains("{") && i < arguments.length; i++) {
      String place = "{" + i + "}";
      if (doing.contains(place)) {
        doing = doing.replace(place, named(arguments[i]));
      }
    }
    return doing;
  }

  private static String named(Object argument) {
    return argument instanceof PluginCall.Subject subject
        ? subject.subject()
        : String.valueOf(argument);
  }
}
