package io.espalier.masks;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The members of an algorithm family: for each config record the constructor that builds from it.
 *
 * <p>Thread-safe once set up.
 *
 * @param <C> the family's config
 * @param <T> what is built
 */
public final class Registry<C, T> {
  private final Map<Class<?>, Function<C, T>> constructors = new HashMap<>();

  /** Adds a member; for use where the registry is set up. */
  public <D extends C> Registry<C, T> with(Class<D> config, Function<D, T> constructor) {
    constructors.put(config, value -> constructor.apply(config.cast(value)));
    return this;
  }

  /** Builds the member that the config asks for. */
  public T create(C config) {
    Function<C, T> constructor = constructors.get(config.getClass());
    if (constructor == null) {
      throw new IllegalStateException("a family must register all its configs: config=" + config);
    }
    return constructor.apply(config);
  }
}
