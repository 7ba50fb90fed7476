package io.espalier.trainer.network;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Networks of random layers: residuals, concatenations, flattened images, grouped convolutions. */
public final class RandomLayers {
  public static final int CLASSES = 3;
  private static final int SIDE = 6;

  private final Random random;
  private final List<GraphNode> nodes = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();
  private final Set<String> read = new HashSet<>();

  /** What a layer gives; a vector has side 0. */
  private record Value(String name, int channels, int side) {
    boolean isImage() {
      return side > 0;
    }
  }

  private RandomLayers(Random random) {
    this.random = random;
  }

  /** The network of a seed, for images of one to four channels and 6×6 pixels. */
  public static Network network(long seed) {
    Random random = new Random(seed);
    ImageShape input = new ImageShape(1 + random.nextInt(4), SIDE, SIDE);
    Network plain = Network.of(input, new RandomLayers(random).nodes(input));
    return ImportedLayers.mixedInto(plain, random);
  }

  private List<GraphNode> nodes(ImageShape input) {
    values.add(new Value(Network.INPUT, input.channels(), SIDE));
    int count = 3 + random.nextInt(14);
    for (int i = 0; i < count; i++) {
      addAny();
    }
    List<Value> unread = values.stream().filter(each -> !read.contains(each.name())).toList();
    List<Value> vectors = new ArrayList<>();
    unread.forEach(each -> vectors.add(each.isImage() ? vector(each) : each));
    Value all =
        vectors.size() == 1
            ? vectors.get(0)
            : add(new Concat(), sum(vectors), 0, vectors.toArray(Value[]::new));
    add(new Linear(CLASSES, random.nextBoolean()), CLASSES, 0, all);
    return nodes;
  }

  private void addAny() {
    Value from = any();
    switch (random.nextInt(10)) {
      case 0, 1 -> widen(from);
      case 2 -> grouped(from);
      case 3 -> residual(from);
      case 4 -> concatenate(from);
      case 5 -> add(new BatchNorm(Layer.EPSILON), from.channels(), from.side(), from);
      case 6 -> pool(from);
      case 7 -> activate(from);
      case 8 -> normaliseGroups(from);
      default -> narrow(from);
    }
  }

  private Value any() {
    int back = random.nextInt(Math.min(values.size(), 3));
    return values.get(values.size() - 1 - back);
  }

  private Value widen(Value from) {
    int outputs = 2 + random.nextInt(5);
    return from.isImage() ? convolve(from, outputs, 1) : connect(from, outputs);
  }

  private Value convolve(Value from, int outputs, int groups) {
    boolean one = random.nextBoolean();
    return add(
        new Convolution(outputs, one ? 1 : 3, 1, one ? 0 : 1, groups, random.nextBoolean()),
        outputs,
        from.side(),
        from);
  }

  private Value connect(Value from, int outputs) {
    return add(new Linear(outputs, random.nextBoolean()), outputs, 0, from);
  }

  /** Depth-wise where the groups are as many as the channels. */
  private void grouped(Value from) {
    List<Integer> divisors = new ArrayList<>();
    for (int groups = 2; groups <= from.channels(); groups++) {
      if (from.channels() % groups == 0) {
        divisors.add(groups);
      }
    }
    if (!from.isImage() || divisors.isEmpty()) {
      widen(from);
      return;
    }
    int groups = divisors.get(random.nextInt(divisors.size()));
    convolve(from, groups * (1 + random.nextInt(3)), groups);
  }

  /** Over groups of any number that fits; seldom over all channels at once, which may not go. */
  private void normaliseGroups(Value from) {
    List<Integer> fitting = new ArrayList<>();
    for (int groups = 2; groups <= from.channels(); groups++) {
      if (from.channels() % groups == 0 && (groups < from.channels() || from.side() > 1)) {
        fitting.add(groups);
      }
    }
    boolean unused = random.nextBoolean(); // so that seeds give the networks that they always gave
    Layer whole = new GroupNorm(1, Layer.EPSILON);
    boolean single = from.channels() == 1 && from.side() < 2;
    if (single) {
      widen(from);
    } else {
      boolean apart = !fitting.isEmpty() && random.nextInt(4) > 0;
      Layer norm =
          apart ? new GroupNorm(fitting.get(random.nextInt(fitting.size())), Layer.EPSILON) : whole;
      add(norm, from.channels(), from.side(), from);
    }
  }

  private void residual(Value from) {
    Value other =
        values.stream()
            .filter(each -> each.channels() == from.channels() && each.side() == from.side())
            .filter(each -> !each.name().equals(from.name()))
            .findFirst()
            .orElseGet(
                () ->
                    from.isImage()
                        ? convolve(from, from.channels(), 1)
                        : connect(from, from.channels()));
    add(new Add(), from.channels(), from.side(), from, other);
  }

  private void concatenate(Value from) {
    List<Value> alike = values.stream().filter(each -> each.side() == from.side()).toList();
    Value other = alike.get(random.nextInt(alike.size()));
    if (from.channels() + other.channels() > 60) {
      narrow(from);
      return;
    }
    int channels = from.channels() + other.channels();
    add(new Concat(), channels, from.side(), from, other);
  }

  private void pool(Value from) {
    if (from.side() < 2) {
      activate(from);
      return;
    }
    Layer layer = random.nextBoolean() ? new MaxPool(2, 2, 0) : new AveragePool(2, 2, 0, true);
    add(layer, from.channels(), from.side() / 2, from);
  }

  private void activate(Value from) {
    List<Layer> functions = RecipeLayers.activations();
    Layer layer = functions.get(random.nextInt(functions.size()));
    add(layer, from.channels(), from.side(), from);
  }

  private void narrow(Value from) {
    if (from.isImage() && from.channels() * from.side() * from.side() <= 100) {
      vector(from);
    } else {
      widen(from);
    }
  }

  private Value vector(Value image) {
    return random.nextBoolean()
        ? add(new GlobalAveragePool(), image.channels(), 0, image)
        : add(new Flatten(), image.channels() * image.side() * image.side(), 0, image);
  }

  private static int sum(List<Value> vectors) {
    return vectors.stream().mapToInt(Value::channels).sum();
  }

  private Value add(Layer layer, int channels, int side, Value... from) {
    List<String> names = Stream.of(from).map(Value::name).toList();
    read.addAll(names);
    Value value = new Value(layer.getClass().getSimpleName() + nodes.size(), channels, side);
    nodes.add(new GraphNode(value.name(), layer, names));
    values.add(value);
    return value;
  }

  /** Of each group that may be pruned some channels, one at least. */
  public static List<Mask> someKept(NetworkGroups groups, Random random) {
    List<Mask> kept = new ArrayList<>();
    for (Group group : groups.groups().all()) {
      int always = random.nextInt(group.channels());
      List<Integer> chosen = new ArrayList<>(group.mayVanish() ? List.of() : List.of(always));
      for (int channel = 0; channel < group.channels(); channel++) {
        if (!group.isPrunable() || random.nextBoolean()) {
          chosen.add(channel);
        }
      }
      kept.add(Mask.of(group.channels(), chosen::contains));
    }
    return kept;
  }
}
