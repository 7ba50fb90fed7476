package io.espalier.service.data;

import io.espalier.service.FullQuota;
import io.espalier.service.FullQuota.Holder;
import io.espalier.service.FullQuota.Rule;
import io.espalier.service.Ownership;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.Submitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The bytes that the data sets of an owner or a project may have.
 *
 * @param limit absent where only the bytes that arrive are counted
 * @param stored bytes of the data sets that are there
 */
record DataQuota(Holder holder, Ownership whose, OptionalLong limit, long stored) {
  /** The quotas of an uploader: of its owner, if it has one, and of its project. */
  static List<DataQuota> of(Submitter submitter, DataRegister register) throws IOException {
    Ownership whose = submitter.ownership();
    List<DataQuota> quotas = new ArrayList<>();
    if (whose.owner().isPresent()) {
      quotas.add(
          new DataQuota(
              Holder.OWNER,
              whose,
              submitter.quotas().owner().dataBytes(),
              register.bytes(other -> other.owner().equals(whose.owner()))));
    }
    quotas.add(
        new DataQuota(
            Holder.PROJECT,
            whose,
            submitter.quotas().project().dataBytes(),
            register.bytes(other -> other.project().equals(whose.project()))));
    return quotas;
  }

  boolean isSameHolder(DataQuota other) {
    return holder == other.holder
        && (holder == Holder.OWNER
            ? whose.owner().equals(other.whose.owner())
            : whose.project().equals(other.whose.project()));
  }

  /** Refuses {@code more} bytes than are left. */
  void require(long more) {
    if (limit.isPresent() && stored + more > limit.getAsLong()) {
      throw new RefusedRequestException(
          FullQuota.of(Rule.DATA_BYTES, holder, whose, limit.getAsLong(), stored + more));
    }
  }
}
