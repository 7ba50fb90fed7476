package io.espalier.trainer.network;

import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The registry of one back end: forms of layers by the class of the layer, built-in ones and those
 * that are found on the class path. Immutable.
 */
public final class LayerForms<F extends LayerForm<?>> {
  /** Gives up a class path that fails at every look-up. */
  private static final int MOST_FAILURES = 100;

  private final Class<?> type;
  private final Map<Class<?>, F> forms;
  private final List<String> unusable = new ArrayList<>();

  private LayerForms(Class<?> type, Map<Class<? extends Layer>, F> builtIn) {
    this.type = type;
    forms = new LinkedHashMap<>(builtIn);
  }

  /**
   * Returns the built-in forms and those on the class path.
   *
   * @param type the back end's interface, which {@code F} is of
   */
  public static <F extends LayerForm<?>> LayerForms<F> of(
      Class<?> type, Map<Class<? extends Layer>, F> builtIn) {
    LayerForms<F> all = new LayerForms<>(type, builtIn);
    all.addInstalled();
    return all;
  }

  /** The form of a layer; empty if the back end has none. */
  public Optional<F> find(Layer layer) {
    return Optional.ofNullable(forms.get(layer.getClass()));
  }

  /** All forms, those of the class path in its order. */
  public List<F> all() {
    return List.copyOf(forms.values());
  }

  /** Suffix of errors about layers without a form; empty if all forms are usable. */
  public String unusableNote() {
    return unusable.isEmpty() ? "" : "; not usable: " + String.join("; ", unusable);
  }

  private void addInstalled() {
    var found = ServiceLoader.load(LayerForm.class).iterator();
    while (unusable.size() < MOST_FAILURES) {
      try {
        if (!found.hasNext()) {
          break;
        }
        LayerForm<?> form = found.next();
        if (type.isInstance(form)) {
          add(form);
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        unusable.add(e.getCause() == null ? e.toString() : e.getMessage() + ": " + e.getCause());
      }
    }
  }

  /** A form of {@link #type} is an {@code F}. */
  @SuppressWarnings("unchecked")
  private void add(LayerForm<?> form) {
    String name = form.getClass().getName();
    Optional<Class<?>> layer = layerOf(form);
    if (layer.isEmpty()) {
      unusable.add(
          "class %s must implement %s with the class of its layer, such as %s<OwnLayer>"
              .formatted(name, type.getName(), type.getSimpleName()));
    } else if (forms.putIfAbsent(layer.get(), (F) form) != null) {
      unusable.add(
          "class %s must be the only %s of its layer: layer=%s"
              .formatted(name, type.getSimpleName(), layer.get().getName()));
    }
  }

  private Optional<Class<?>> layerOf(LayerForm<?> form) {
    return Stream.of(form.getClass().getGenericInterfaces())
        .filter(ParameterizedType.class::isInstance)
        .map(ParameterizedType.class::cast)
        .filter(each -> each.getRawType() == type)
        .map(each -> each.getActualTypeArguments()[0])
        .filter(Class.class::isInstance)
        .<Class<?>>map(each -> (Class<?>) each)
        .findFirst();
  }
}
