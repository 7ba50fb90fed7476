package io.espalier.trainer.prepare;

import io.espalier.trainer.file.NamePattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps a parameter to its tensor's name by the matching rule with the most literals. */
final class NameMapping {
  private final List<Rule> rules = new ArrayList<>();

  private record Rule(NamePattern ours, String theirs) {
    Optional<String> apply(String name) {
      return ours.stars(name).map(List::iterator).map(this::filled);
    }

    private String filled(Iterator<String> stars) {
      StringBuilder filled = new StringBuilder();
      theirs
          .codePoints()
          .mapToObj(Character::toString)
          .forEach(sign -> filled.append(sign.equals("*") ? stars.next() : sign));
      return filled.toString();
    }
  }

  NameMapping(Map<String, String> names) {
    names.forEach((ours, theirs) -> rules.add(new Rule(new NamePattern(ours), theirs)));
    rules.sort(Comparator.comparingLong((Rule rule) -> rule.ours().literals()).reversed());
  }

  String tensorOf(String parameter) {
    return rules.stream()
        .flatMap(rule -> rule.apply(parameter).stream())
        .findFirst()
        .orElse(parameter);
  }

  List<NamePattern> patterns() {
    return rules.stream().map(Rule::ours).toList();
  }
}
