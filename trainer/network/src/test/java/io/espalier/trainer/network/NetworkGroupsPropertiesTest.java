package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for the groups of any network, on hundreds of random ones. */
final class NetworkGroupsPropertiesTest {
  @Property(tries = 400, seed = "1")
  void groups_ofAnyNetwork_holdEachIndexOnce(@ForAll long seed) {
    ChannelPlaces.requirePartition(RandomLayers.network(seed));
  }

  /** The same channel, whichever of its places one starts from: 15 random ones per network. */
  @Property(tries = 300, seed = "2")
  void channels_ofAnyNetwork_areWhatPropagationFindsFromAnyOfTheirPlaces(@ForAll long seed) {
    Network network = RandomLayers.network(seed);
    Map<String, Set<String>> byEntry = new HashMap<>();
    Map<String, Optional<PruningConstraint>> obstacles = new HashMap<>();
    for (Group group : NetworkGroups.of(network).groups().all()) {
      for (int channel = 0; channel < group.channels(); channel++) {
        Set<String> entries = ChannelPlaces.entries(group, channel);
        entries.forEach(entry -> byEntry.put(entry, entries));
        entries.forEach(entry -> obstacles.put(entry, group.obstacle()));
      }
    }
    List<String> names = new ArrayList<>(List.of(Network.INPUT));
    network.nodes().forEach(node -> names.add(node.name()));
    Random random = new Random(seed);

    for (int i = 0; i < 15; i++) {
      String node = names.get(random.nextInt(names.size()));
      int channel = random.nextInt(network.shapeOf(node).channels());
      Propagation propagation = Propagation.from(network, node, channel);
      Set<String> reached = propagation.entries();
      String any = reached.iterator().next();
      assertThat(byEntry.get(any)).as("%s %d", node, channel).isEqualTo(reached);
      requireObstacle(Objects.requireNonNull(obstacles.get(any)), propagation, names);
    }
  }

  private static void requireObstacle(
      Optional<PruningConstraint> obstacle, Propagation propagation, List<String> names) {
    if (propagation.reaches(Network.INPUT)) {
      assertThat(obstacle).contains(PruningConstraint.NETWORK_INPUT);
    } else if (propagation.reaches(names.get(names.size() - 1))) {
      assertThat(obstacle).contains(PruningConstraint.NETWORK_OUTPUT);
    } else {
      assertThat(obstacle)
          .isIn(
              Optional.empty(),
              Optional.of(PruningConstraint.ONLY_CHANNEL),
              Optional.of(PruningConstraint.NORMALISED_TOGETHER));
    }
  }

  @Property(tries = 300, seed = "3")
  void cut_ofAnyNetwork_costsWhatItsGroupsSay(@ForAll long seed) {
    Network network = RandomLayers.network(seed);
    NetworkGroups groups = NetworkGroups.of(network);
    List<Mask> kept = RandomLayers.someKept(groups, new Random(seed));

    CutNetwork cut = groups.cut(kept);

    List<Integer> channels = kept.stream().map(Mask::kept).toList();
    assertThat(groups.macs().dense()).isEqualTo(network.macs());
    assertThat(groups.macs().of(channels)).isEqualTo(cut.network().macs());
    assertThat(groups.values().of(channels)).isEqualTo(values(cut.network(), false));
    assertThat(groups.weights().of(channels)).isEqualTo(values(cut.network(), true));
    assertThat(cut.network().outputs()).isEqualTo(network.outputs());
    for (Group group : groups.groups().all()) {
      if (group.isPrunable()) {
        List<Mask> one = new ArrayList<>(groups.groups().allKept());
        one.set(group.id(), Mask.of(group.channels(), channel -> channel > 0));
        assertThat(groups.macs().ofChannel(group))
            .isEqualTo(network.macs() - groups.cut(one).network().macs());
      }
    }
  }

  private static long values(Network network, boolean weightsOnly) {
    return network.parameters().stream()
        .filter(spec -> !weightsOnly || spec.role() == Role.WEIGHT)
        .map(ParameterSpec::shape)
        .mapToLong(ParameterShape::size)
        .sum();
  }
}
