package io.espalier.cli.inspect;

import io.espalier.cli.console.TextTable;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.NetworkGroups;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

final class GroupsText {
  private final NamedNetwork named;
  private final NetworkGroups groups;
  private final Cost weights;
  private final Cost macs;
  private final Map<ParameterId, List<Integer>> shapes = new HashMap<>();

  public GroupsText(NamedNetwork named) {
    this.named = named;
    this.groups = NetworkGroups.of(named.network());
    this.weights = groups.weights();
    this.macs = groups.macs();
    groups.groups().parameters().forEach(each -> shapes.put(each.id(), each.dimensions()));
  }

  /** Facts, then a line per layer of each group, its first one with what holds for the group. */
  public String table() {
    TextTable facts = TextTable.withoutHeader();
    named.facts().forEach((name, value) -> facts.row(List.of(name, value.toString())));
    TextTable table =
        TextTable.withHeader(
            List.of("group", "channels", "weights each", "MACs each", "may go", "members"));
    for (Group group : groups.groups().all()) {
      List<String> members = members(group);
      table.row(row(group, members.isEmpty() ? "" : members.get(0)));
      members.stream().skip(1).forEach(member -> table.row(List.of("", "", "", "", "", member)));
    }
    return facts.text() + "\n\n" + table.text() + "\n\n" + summary();
  }

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

  private static Map<String, Object> json(Group group, GroupMember member) {
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
        group.obstacle().map(PruningConstraint::reason).map("no: "::concat).orElse("yes"),
        member);
  }

  /** Members of one layer in a row on one line: {@code norm.scale, .shift axis 0}. */
  private List<String> members(Group group) {
    Map<String, String> names = new LinkedHashMap<>();
    String layer = "";
    String line = "";
    for (GroupMember member : group.members()) {
      String name = member.parameter().name();
      int dot = Math.max(0, name.lastIndexOf('.'));
      String place = place(member);
      if (!name.substring(0, dot).equals(layer) || !line.endsWith(place)) {
        layer = name.substring(0, dot);
        line = name + place;
      }
      names.merge(line, name, (known, more) -> known + ", " + more.substring(dot));
    }
    return names.entrySet().stream()
        .map(each -> each.getValue() + each.getKey().substring(each.getKey().indexOf(" axis ")))
        .toList();
  }

  private String place(GroupMember member) {
    int length = Objects.requireNonNull(shapes.get(member.parameter())).get(member.axis());
    String place =
        " axis %d%s"
            .formatted(member.axis(), member.perChannel() == 1 ? "" : " ×" + member.perChannel());
    if (member.count() == length) {
      return place;
    }
    int[] indices =
        IntStream.range(0, member.count() / member.perChannel())
            .flatMap(member::indices)
            .sorted()
            .toArray();
    return "%s in %d–%d".formatted(place, indices[0], indices[indices.length - 1]);
  }

  private String summary() {
    int channels = groups.groups().all().stream().mapToInt(Group::channels).sum();
    int prunable =
        groups.groups().all().stream().filter(Group::isPrunable).mapToInt(Group::channels).sum();
    return String.format(
        Locale.ROOT,
        "%,d of %,d channels are in groups that may shrink, to one channel each; %,d weights and"
            + " %,d MACs in all",
        prunable,
        channels,
        weights.dense(),
        macs.dense());
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
