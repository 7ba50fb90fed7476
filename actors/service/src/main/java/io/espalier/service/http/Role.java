package io.espalier.service.http;

import java.util.Locale;

/** What a token allows; a later one allows all that an earlier one does. */
public enum Role {
  /** Look at runs, their files and events. */
  READ,
  /** Submit, pause, resume, cancel and delete runs, too. */
  OPERATE,
  /** Upload and delete data sets, and back the service up, too. */
  MANAGE;

  public boolean allows(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As users and files spell it: {@code read}, {@code operate} or {@code manage}. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
