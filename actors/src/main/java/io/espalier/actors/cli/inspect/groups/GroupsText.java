package io.espalier.actors.cli.inspect.groups;

import io.espalier.actors.cli.host.TextTable;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Member;
import io.espalier.masks.structure.Obstacle;
import io.espalier.trainer.network.group.NetworkGroups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The groups of a network for people and for programs. */
public final class GroupsText {
  private final NamedNetwork named;
  private final NetworkGroups groups;
  private final Cost weights;
  private final Cost macs;

  public GroupsText(NamedNetwork named) {
    this.named = named;
    this.groups = NetworkGroups.of(named.network());
    this.weights = groups.weights();
    this.macs = groups.macs();
  }

  /** Facts, then one line per member, the first of a group with what holds for the group. */
  public String table() {
    TextTable facts = TextTable.withoutHeader();
    named.facts().forEach((name, value) -> facts.row(List.of(name, value.toString())));
    TextTable table =
        TextTable.withHeader(
            List.of("group", "channels", "weights each", "MACs each", "may go", "members"));
    for (Group group : groups.groups().all()) {
      List<String> members = group.members().stream().map(this::described).toList();
      table.row(row(group, members.isEmpty() ? "" : members.get(0)));
      members.stream().skip(1).forEach(member -> table.row(List.of("", "", "", "", "", member)));
    }
    return facts.text() + "\n\n" + table.text() + "\n\n" + summary();
  }

  /** The same as one object for {@code --json}. */
  public Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>(named.facts());
    all.put("weights", weights.dense());
    all.put("macs", macs.dense());
    all.put("groups", groups.groups().all().stream().map(this::json).toList());
    return all;
  }

  private Map<String, Object> json(Group group) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", group.id());
    fields.put("channels", group.channels());
    fields.put("prunable", group.isPrunable());
    group.obstacle().ifPresent(obstacle -> fields.put("reason", obstacle.reason()));
    fields.put("weightsPerChannel", weights.ofChannel(group));
    fields.put("macsPerChannel", macs.ofChannel(group));
    fields.put("members", group.members().stream().map(member -> json(group, member)).toList());
    return fields;
  }

  private static Map<String, Object> json(Group group, Member member) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("parameter", member.parameter().name());
    fields.put("axis", member.axis());
    fields.put(
        "indices",
        IntStream.range(0, group.channels())
            .mapToObj(channel -> member.indices(channel).boxed().toList())
            .toList());
    return fields;
  }

  private List<String> row(Group group, String member) {
    return List.of(
        String.valueOf(group.id()),
        whole(group.channels()),
        whole(weights.ofChannel(group)),
        whole(macs.ofChannel(group)),
        group.obstacle().map(Obstacle::reason).map("no: "::concat).orElse("yes"),
        member);
  }

  /** Where a member has part of an axis only, the first and last index of that part. */
  private String described(Member member) {
    int length =
        groups.groups().parameters().stream()
            .filter(shape -> shape.id().equals(member.parameter()))
            .map(ParameterShape::dimensions)
            .findFirst()
            .orElseThrow()
            .get(member.axis());
    if (member.count() == length) {
      return member.toString();
    }
    int channels = member.count() / member.perChannel();
    int[] indices = IntStream.range(0, channels).flatMap(member::indices).sorted().toArray();
    return "%s in %d–%d".formatted(member, indices[0], indices[indices.length - 1]);
  }

  private String summary() {
    int channels = groups.groups().all().stream().mapToInt(Group::channels).sum();
    int prunable =
        groups.groups().all().stream().filter(Group::isPrunable).mapToInt(Group::channels).sum();
    return String.format(
        Locale.ROOT,
        "%,d of %,d channels may go, all but one of each group; %,d weights and %,d MACs in all",
        prunable,
        channels,
        weights.dense(),
        macs.dense());
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
