package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.onnx.read.ConvertedValue.Fixed;
import io.espalier.trainer.onnx.read.ConvertedValue.OfPadding;
import io.espalier.trainer.onnx.read.ConvertedValue.Powers;
import io.espalier.trainer.onnx.read.ConvertedValue.Unknown;
import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Translates a graph operation by operation and collects all problems. Used once. */
final class Translation {
  /** Operations whose result has the name of their first input. */
  private static final Set<String> RENAMINGS =
      Set.of(
          "Identity", "Transpose", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Gather", "Expand");

  private static final int FLOAT = 1;
  private static final int INT_32 = 6;
  private static final int INT_64 = 7;

  private final OnnxGraph graph;
  private final GraphDraft draft;
  private final GraphNames names = new GraphNames();
  private final Map<String, ConvertedValue> values = new HashMap<>();
  private final Map<String, String> origins = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, String> makers = new HashMap<>();
  private final BatchPlaces places;
  private final List<String> problems = new ArrayList<>();
  private final OptionalInt padding;
  private Optional<String> paddingMask = Optional.empty();
  private boolean readsWholes;
  private boolean isUnknown;

  /**
   * @param inputs values of the graph's inputs by name
   * @param padding the token that fills texts up
   */
  Translation(
      OnnxGraph graph, GraphDraft draft, Map<String, ConvertedValue> inputs, OptionalInt padding) {
    this.graph = graph;
    this.draft = draft;
    this.padding = padding;
    this.places = new BatchPlaces(batch());
    values.putAll(inputs);
    graph
        .constants()
        .forEach(
            (name, constant) -> {
              values.put(name, new Fixed(constant));
              origins.put(name, name);
            });
    new TreeMap<>(graph.unreadable())
        .forEach(
            (name, why) -> {
              values.put(name, new Unknown());
              problems.add("initialiser %s: %s".formatted(name, why));
            });
    for (Operation each : graph.operations()) {
      each.inputs().forEach(name -> uses.merge(name, 1, Integer::sum));
    }
    uses.merge(graph.output(), 1, Integer::sum);
  }

  GraphDraft draft() {
    return draft;
  }

  GraphNames names() {
    return names;
  }

  int opset() {
    return graph.opset();
  }

  /** The batch's length where the file fixes it, or 0. */
  long batch() {
    return graph
        .inputDimensions()
        .filter(all -> !all.isEmpty() && all.get(0) > 0)
        .map(all -> all.get(0))
        .orElse(0L);
  }

  boolean isBatch(long length) {
    return length == OnnxConstant.BATCH
        || graph
            .inputDimensions()
            .filter(all -> length > 0 && !all.isEmpty() && all.get(0) == length)
            .isPresent();
  }

  /** Notes that the example is cast, which only tokens may be to whole numbers. */
  void readAs(long type) {
    if (type != FLOAT && type != INT_32 && type != INT_64) {
      throw new GraphException("an example must stay numbers: to=" + type);
    }
    readsWholes |= type != FLOAT;
  }

  /** Whether the example is read as whole numbers somewhere. */
  boolean readsWholes() {
    return readsWholes;
  }

  /**
   * The node that says where tokens are; empty where texts have no padding.
   *
   * @param said the token that is padding, if the graph says it
   */
  Optional<String> paddingMask(OptionalInt said) {
    OptionalInt token = said.isPresent() ? said : padding;
    if (token.isPresent() && paddingMask.isEmpty()) {
      Layer layer = new PaddingMask(token.getAsInt());
      paddingMask = Optional.of(draft.add(names.of("mask"), layer, Network.INPUT));
    }
    return paddingMask;
  }

  Optional<String> origin(String name) {
    return Optional.ofNullable(origins.get(name));
  }

  /** The node of a value, if nothing else can have read that node's output. */
  Optional<String> onlyMaker(String value) {
    return Optional.ofNullable(makers.get(value))
        .filter(node -> Objects.equals(uses.get(value), 1));
  }

  void made(String value, String node) {
    makers.put(value, node);
  }

  ConvertedValue run() {
    for (Operation operation : graph.operations()) {
      translate(operation);
      if (draft.unfolding().isExceeded()) {
        throw new GraphException(problems.get(problems.size() - 1));
      }
    }
    if (isUnknown) {
      Set<String> known = new TreeSet<>(ConversionRules.operators());
      known.addAll(ConstantFolding.operators());
      known.add(BatchPlaces.SPLIT);
      problems.add("operators that are supported: " + String.join(", ", known));
    }
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
    return Objects.requireNonNull(values.get(graph.output()));
  }

  private void translate(Operation operation) {
    operation.outputs().forEach(name -> values.put(name, new Unknown()));
    List<Optional<ConvertedValue>> inputs =
        operation.inputs().stream().map(name -> Optional.ofNullable(values.get(name))).toList();
    try {
      if (!operation.domain().isEmpty()) {
        throw new GraphException("operators must be standard ones: domain=" + operation.domain());
      }
      // Rules copy what they read up to three times.
      draft.unfolding().use(3 * size(inputs));
      OperationCall call = new OperationCall(operation, inputs, this);
      Optional<List<ConvertedValue>> rearranged = places.rearranged(call);
      if (rearranged.isEmpty()) {
        requireOneOutput(operation);
      }
      List<ConvertedValue> results =
          rearranged.orElseGet(() -> translate(operation, inputs).stream().toList());
      for (int i = 0; i < results.size(); i++) {
        values.put(operation.outputs().get(i), results.get(i));
        keepOrder(results.get(i), inputs);
      }
    } catch (GraphException | IllegalArgumentException | ArithmeticException e) {
      problems.add(operation.label() + ": " + e.getMessage());
    }
  }

  private void requireOneOutput(Operation operation) {
    for (String output : operation.outputs().subList(1, operation.outputs().size())) {
      if (uses.containsKey(output) && !output.isEmpty()) {
        throw new GraphException("only its first output may be read: output=" + output);
      }
    }
  }

  private static long size(List<Optional<ConvertedValue>> inputs) {
    return inputs.stream().flatMap(Optional::stream).mapToLong(Translation::size).sum();
  }

  private static long size(ConvertedValue value) {
    if (value instanceof Fixed fixed) {
      return fixed.constant().size();
    }
    return value instanceof ConvertedValue.Signal signal
        ? signal.dimensions().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b)
        : 0;
  }

  /** Accounts for the order of a result's values, unless it is that of an input. */
  private void keepOrder(ConvertedValue result, List<Optional<ConvertedValue>> inputs) {
    if (result instanceof ConvertedValue.Signal signal
        && !signal.order().isPlain()
        && inputs.stream()
            .flatMap(Optional::stream)
            .noneMatch(
                input ->
                    input instanceof ConvertedValue.Signal before
                        && before.order().equals(signal.order()))) {
      draft.unfolding().keep(size(signal) * Integer.BYTES);
    }
  }

  private Optional<ConvertedValue> translate(
      Operation operation, List<Optional<ConvertedValue>> inputs) {
    Optional<OnnxConstant> folded = folded(operation, inputs);
    if (folded.isPresent()) {
      if (RENAMINGS.contains(operation.operator())) {
        origin(operation.inputs().get(0))
            .ifPresent(origin -> origins.put(operation.output(), origin));
      } else if (operation.operator().equals("ConstantOfShape")) {
        origins.put(operation.output(), operation.output());
      }
      return folded.map(Fixed::new);
    }
    Optional<ConvertedValue> ofPadding = ofPadding(operation, inputs);
    if (ofPadding.isPresent()) {
      return ofPadding;
    }
    OperationCall call = new OperationCall(operation, inputs, this);
    Optional<BatchPlace> place = places.shared(call);
    Optional<ConvertedValue> result =
        byRules(place.map(each -> BatchPlaces.withBatchFirst(call, each)).orElse(call));
    place.ifPresent(each -> result.ifPresent(value -> places.keep(call, each, value)));
    return result;
  }

  private Optional<ConvertedValue> byRules(OperationCall call) {
    Operation operation = call.operation();
    boolean known =
        call.inputs().stream().flatMap(Optional::stream).noneMatch(each -> each instanceof Unknown);
    Optional<ConvertedValue> part = known ? PatternRules.of(call) : Optional.empty();
    if (part.isPresent() || (!known && PatternRules.operators().contains(operation.operator()))) {
      return part;
    }
    ConversionRules.Rule rule =
        ConversionRules.of(operation.operator()).orElseThrow(() -> notSupported(operation));
    return known ? Optional.of(rule.apply(call.with(computed(call)))) : Optional.empty();
  }

  /** Powers that became part of nothing are computed after all. */
  private static List<Optional<ConvertedValue>> computed(OperationCall call) {
    return call.inputs().stream()
        .map(
            input ->
                input.map(
                    value ->
                        value instanceof Powers polynomial
                            ? PolynomialPattern.computed(call, polynomial)
                            : value))
        .toList();
  }

  /** Computes a value that depends on padding alone, for each case of padding. */
  private Optional<ConvertedValue> ofPadding(
      Operation operation, List<Optional<ConvertedValue>> inputs) {
    List<OfPadding> masks =
        inputs.stream()
            .flatMap(Optional::stream)
            .filter(OfPadding.class::isInstance)
            .map(OfPadding.class::cast)
            .toList();
    List<OnnxConstant> cases = new ArrayList<>();
    for (int text = 0; text < (masks.isEmpty() ? 0 : PaddingCases.COUNT); text++) {
      List<Optional<OnnxConstant>> constants = new ArrayList<>();
      for (Optional<ConvertedValue> each : inputs) {
        if (each.isPresent() && each.get() instanceof Fixed fixed) {
          constants.add(Optional.of(fixed.constant().ofOneExample()));
        } else if (each.isPresent() && each.get() instanceof OfPadding mask) {
          constants.add(Optional.of(mask.cases().get(text)));
        } else if (each.isEmpty()) {
          constants.add(Optional.empty());
        } else {
          return Optional.empty();
        }
      }
      ConstantFolding.of(operation, constants, draft.unfolding()).ifPresent(cases::add);
    }
    OptionalInt token = masks.stream().flatMapToInt(mask -> mask.padding().stream()).findFirst();
    return cases.isEmpty() ? Optional.empty() : Optional.of(new OfPadding(token, cases));
  }

  private GraphException notSupported(Operation operation) {
    boolean folds = ConstantFolding.operators().contains(operation.operator());
    isUnknown |= !folds;
    return new GraphException(
        "%s: operator=%s, opset=%d"
            .formatted(
                folds
                    ? "its operator is supported only where it does not depend on the example, or"
                        + " as part of a layer that is spelt out"
                    : "its operator is not supported",
                operation.operator(),
                graph.opset()));
  }

  private Optional<OnnxConstant> folded(
      Operation operation, List<Optional<ConvertedValue>> inputs) {
    List<Optional<OnnxConstant>> constants = new ArrayList<>();
    for (Optional<ConvertedValue> each : inputs) {
      if (each.isPresent() && !(each.get() instanceof Fixed)) {
        return Optional.empty();
      }
      constants.add(each.map(value -> ((Fixed) value).constant()));
    }
    return ConstantFolding.of(operation, constants, draft.unfolding());
  }
}
