package io.espalier.trainer.federated;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.DirichletPartition;
import io.espalier.masks.federated.NestedMasks;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.LocalClient.ClientMaterials;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A server and some clients on the bundled digits, in one thread; all that travels is encoded. */
final class SampleFederation implements AutoCloseable {
  private static final String BASE =
      """
      name = sample, seed = 7
      data { kind = digits, batch-size = 20 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 8, kernel = 3, padding = 1 }, batch-norm, relu
        { kind = max-pool, kernel = 2 }, flatten
        { kind = linear, outputs = 32 }, relu, { kind = linear, outputs = classes } ] }
      train { learning-rate { kind = constant, initial = 0.05 } }
      """;

  final PreparedFederation federation;
  final LocalReplica replica;
  final List<LocalClient> clients = new ArrayList<>();
  final NestedNetworks networks;
  private final List<Double> caps;
  private final List<Double> widths;
  private final Map<Double, LocalReplica> replicas = new TreeMap<>();
  FederatedCourse course;

  SampleFederation(String recipe, List<Double> caps) {
    this(recipe, caps, Collections.nCopies(caps.size(), 1.0));
  }

  SampleFederation(String recipe, List<Double> caps, List<Double> widths) {
    RunConfig config = new RecipeLoader().parse("sample", BASE + recipe, List.of()).config();
    federation = PreparedFederation.of(config, DataHome.of(Path.of("target")));
    networks = NestedNetworks.of(federation);
    replica = replica(1);
    course = FederatedCourse.start(federation, new ServerReplica(federation, replica).initial());
    course.open();
    this.caps = caps;
    this.widths = widths;
    int owner = 0;
    for (int[] shard : shards(caps.size())) {
      clients.add(
          new LocalClient(
              network(owner).federation(),
              replica(widths.get(owner)),
              ClientExamples.of(federation, shard),
              owner++));
    }
  }

  LocalReplica replica(double width) {
    return replicas.computeIfAbsent(
        width, key -> LocalReplica.of(networks.at(key).federation().run(), () -> {}));
  }

  /** The network of a client. */
  NarrowNetwork network(int client) {
    return networks.at(widths.get(client));
  }

  private List<int[]> shards(int count) {
    Dataset data = federation.run().dataset();
    int[] examples = federation.clientExamples();
    int[] labels = IntStream.of(examples).map(data.train()::label).toArray();
    return DirichletPartition.of(labels, data.classes(), count, .5, 4, 3).stream()
        .map(part -> IntStream.of(part).map(place -> examples[place]).toArray())
        .toList();
  }

  /** The masks that a client holds now. */
  MaskSet masks(int client) {
    NarrowNetwork network = network(client);
    MaskSet global = network.slice().narrowed(course.model().masks().masks());
    return NestedMasks.of(global, weights(network.narrowed(course.model().state())))
        .within(caps.get(client));
  }

  List<float[]> weights() {
    return weights(course.model().state());
  }

  private List<float[]> weights(TrainingState state) {
    List<StateLayout.Entry> entries = federation.values().stateLayout().entries();
    return IntStream.range(0, entries.size())
        .filter(i -> entries.get(i).mask().isPresent())
        .mapToObj(i -> state.values(i, 0))
        .toList();
  }

  /** The result of a client's work of the next round, over the wire and back. */
  Contribution contribution(int client) {
    RoundWork work = course.next().orElseThrow();
    MaskSet holds = masks(client);
    NarrowNetwork network = network(client);
    StateLayout layout = network.federation().values().stateLayout();
    RoundPayload values = new RoundPayload(layout);
    StateAccess arrived =
        values.decodeValues(
            values.encodeValues(network.narrowed(course.model().state()), holds), holds);
    boolean chooses = !work.kind().trains();
    ClientMaterials materials =
        new ClientMaterials(
            arrived,
            holds,
            chooses ? course.candidates() : List.of(),
            work.kind() == RoundWork.Kind.MEASURE_LOSSES ? course.candidateNorms() : List.of());
    ResultCodec codec = new ResultCodec(layout);
    ByteBuffer bytes =
        codec
            .encode(
                clients.get(client).work(work, materials),
                holds,
                ValueFormat.FP32,
                codec.nothingOwed())
            .bytes();
    int candidates = chooses ? course.candidates().size() : 0;
    return new Contribution(
        "client-" + client,
        holds,
        network.slice(),
        codec.decode(bytes, work, holds, ValueFormat.FP32, candidates));
  }

  RoundMerge round() {
    return course.merge(IntStream.range(0, clients.size()).mapToObj(this::contribution).toList());
  }

  double accuracy() {
    MaskSet masks = course.model().masks().masks();
    return new ServerReplica(federation, replica)
        .evaluate(course.model().state(), masks)
        .accuracy();
  }

  @Override
  public void close() {
    replicas.values().forEach(LocalReplica::close);
  }
}
