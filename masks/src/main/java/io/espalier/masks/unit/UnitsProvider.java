package io.espalier.masks.unit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** Units that recipes name as their granularity. */
public interface UnitsProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.UNITS;
  }

  Units create(MemberSettings settings, List<ParameterShape> prunable);
}
