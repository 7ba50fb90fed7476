package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.WeightsConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.file.NamePattern;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.ParameterSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects all mismatches: {@link #take} or {@link #leave} each parameter, then {@link #verify}.
 */
final class WeightMatching {
  private final WeightsConfig config;
  private final Map<String, StoredTensor> unused;
  private final NameMapping names;
  private final List<NamePattern> transpose;
  private final Set<String> used = new HashSet<>();
  private final Map<String, ParameterSpec> missing = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<ParameterId> head;
  private final Map<ParameterId, Integer> otherClasses = new LinkedHashMap<>();

  /** {@code head} are the parameters of the last layer, which may be drawn for other classes. */
  WeightMatching(WeightsConfig config, Map<String, StoredTensor> tensors, Set<ParameterId> head) {
    this.head = head;
    this.config = config;
    this.unused = tensors;
    this.names = new NameMapping(config.names());
    this.transpose = NamePattern.all(config.transpose());
  }

  Optional<float[]> leave(ParameterSpec parameter) {
    unused.remove(names.tensorOf(parameter.id().name()));
    return Optional.empty();
  }

  /** Returns the values of a parameter; empty, with the reason recorded, if the file lacks them. */
  Optional<float[]> take(ParameterSpec parameter) {
    String name = parameter.id().name();
    String theirs = names.tensorOf(name);
    StoredTensor tensor = unused.remove(theirs);
    if (tensor == null) {
      missing.put(name, parameter);
      note(
          used.contains(theirs)
              ? "a tensor must belong to one parameter: %s is also another's"
                  .formatted(shown(name, theirs))
              : "must have every parameter: %s %s is missing"
                  .formatted(shown(name, theirs), parameter.shape().dimensions()));
      return Optional.empty();
    }
    used.add(theirs);
    if (!tensor.type().isConvertible()) {
      note(
          "must hold floats (F32, F16, BF16 or F64): %s is %s"
              .formatted(shown(name, theirs), tensor.type()));
      return Optional.empty();
    }
    return ordered(parameter, shown(name, theirs), tensor);
  }

  /** Reports all mismatches, extra tensors, and patterns that match no parameter. */
  void verify(List<ParameterSpec> parameters) {
    List<NamePattern> ignore = NamePattern.all(config.ignore());
    unused.keySet().removeIf(name -> NamePattern.anyMatches(ignore, name));
    unused.forEach(
        (name, tensor) ->
            note(
                "must have no other tensors: %s %s %s is extra; list it under ignore if it is to be left alone"
                    .formatted(name, tensor.type(), tensor.dimensions())));
    suggestNames();
    requireMatches("names", names.patterns(), parameters);
    requireMatches("transpose", transpose, parameters);
    requireMatches("draw", NamePattern.all(config.draw()), parameters);
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  private Optional<float[]> ordered(ParameterSpec parameter, String shown, StoredTensor tensor) {
    List<Integer> wanted = parameter.shape().dimensions();
    List<Integer> found = tensor.dimensions();
    Optional<List<Integer>> order = AxisOrder.outputsFirst(found.size());
    boolean turn = NamePattern.anyMatches(transpose, parameter.id().name());
    if (turn && order.isEmpty()) {
      note("must have 2 or 4 axes to be transposed: %s is %s".formatted(shown, found));
      return Optional.empty();
    }
    List<Integer> given = turn ? AxisOrder.permuted(found, order.orElseThrow()) : found;
    if (!given.equals(wanted) && isOfOtherClasses(parameter, given)) {
      otherClasses.put(parameter.id(), given.get(0));
      return Optional.empty();
    }
    if (!given.equals(wanted)) {
      boolean turnable =
          !turn && order.filter(o -> AxisOrder.permuted(found, o).equals(wanted)).isPresent();
      note(
          "must have the network's shapes: %s is %s%s, not %s%s"
              .formatted(
                  shown,
                  found,
                  turn ? ", transposed " + given : "",
                  wanted,
                  turnable ? "; list it under transpose" : ""));
      return Optional.empty();
    }
    float[] values = tensor.toFloatArray();
    noteNotFinite(shown, values, found);
    return Optional.of(turn ? AxisOrder.permuted(values, found, order.orElseThrow()) : values);
  }

  /** Whether only the number of outputs of the last layer differs. */
  private boolean isOfOtherClasses(ParameterSpec parameter, List<Integer> given) {
    List<Integer> wanted = parameter.shape().dimensions();
    return head.contains(parameter.id())
        && given.size() == wanted.size()
        && given.subList(1, given.size()).equals(wanted.subList(1, wanted.size()));
  }

  /** The parameters of the last layer that the file has for another number of classes: theirs. */
  Map<ParameterId, Integer> otherClasses() {
    return otherClasses;
  }

  private void noteNotFinite(String shown, float[] values, List<Integer> dimensions) {
    int count = 0;
    int first = -1;
    for (int i = values.length - 1; i >= 0; i--) {
      if (!Float.isFinite(values[i])) {
        count++;
        first = i;
      }
    }
    if (count > 0) {
      note(
          "must hold finite 32-bit floats: %s has %d that are not, the first at %s: %s"
              .formatted(shown, count, AxisOrder.position(first, dimensions), values[first]));
    }
  }

  private void suggestNames() {
    for (ParameterSpec parameter : missing.values()) {
      for (Map.Entry<String, StoredTensor> extra : unused.entrySet()) {
        if (extra.getValue().dimensions().equals(parameter.shape().dimensions())) {
          note(
              "where only the names differ, the recipe can say so: names { \"%s\" = \"%s\" }"
                  .formatted(parameter.id().name(), extra.getKey()));
          return;
        }
      }
    }
  }

  private void requireMatches(
      String key, List<NamePattern> patterns, List<ParameterSpec> parameters) {
    for (NamePattern pattern : patterns) {
      if (parameters.stream().noneMatch(each -> pattern.matches(each.id().name()))) {
        note("%s must match a parameter of the network: %s=%s".formatted(key, key, pattern.text()));
      }
    }
  }

  private static String shown(String ours, String theirs) {
    return ours.equals(theirs) ? ours : ours + " (here " + theirs + ")";
  }

  private void note(String message) {
    problems.add(new Problem(Optional.of(config.file().toString()), StoredWeights.KEY, message));
  }
}
