package io.espalier.telemetry.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class SeenSequencesTest {
  @Property(tries = 300)
  void add_anyOrder_isNewOnce(@ForAll List<@LongRange(min = 1, max = 30) Long> sequences) {
    SeenSequences seen = new SeenSequences();
    Set<Long> naive = new HashSet<>();

    for (long sequence : sequences) {
      assertThat(seen.add(sequence)).isEqualTo(naive.add(sequence));
    }
  }
}
