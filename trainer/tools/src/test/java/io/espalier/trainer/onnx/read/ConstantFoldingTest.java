package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on constants against the results that ONNX defines. */
class ConstantFoldingTest {
  private final Unfolding unfolding = OnnxImportTest.unfolding();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abs",
        "add_bcast",
        "cast_DOUBLE_to_FLOAT",
        "ceil_example",
        "concat_1d_axis_0",
        "concat_2d_axis_1",
        "concat_3d_axis_1",
        "concat_3d_axis_2",
        "concat_3d_axis_negative_2",
        "constant",
        "constantofshape_float_ones",
        "constantofshape_int_shape_zero",
        "constantofshape_int_zeros",
        "cos",
        "div_bcast",
        "equal_bcast",
        "exp",
        "expand_dim_changed",
        "expand_dim_unchanged",
        "flatten_axis0",
        "flatten_axis2",
        "flatten_axis3",
        "flatten_negative_axis2",
        "floor_example",
        "gather_0",
        "gather_1",
        "gather_2d_indices",
        "gather_negative_indices",
        "greater_bcast",
        "identity",
        "less_bcast",
        "log",
        "matmul_2d",
        "matmul_3d",
        "matmul_4d",
        "max_example",
        "max_int64",
        "min_example",
        "min_one_input",
        "mul_bcast",
        "neg",
        "pow_bcast_array",
        "pow_types_float32_int64",
        "pow_types_int32_float32",
        "pow_types_int64_int64",
        "range_float_type_positive_delta",
        "range_int32_type_negative_delta",
        "reciprocal_example",
        "reshape_allowzero_reordered",
        "reshape_extended_dims",
        "reshape_negative_extended_dims",
        "reshape_reordered_all_dims",
        "reshape_zero_and_negative_dim",
        "reshape_zero_dim",
        "shape",
        "shape_clip_end",
        "shape_clip_start",
        "shape_end_negative_1",
        "shape_start_1_end_2",
        "shape_start_negative_1",
        "sin",
        "size",
        "slice",
        "slice_default_axes",
        "slice_default_steps",
        "slice_end_out_of_bounds",
        "slice_neg",
        "slice_neg_steps",
        "slice_negative_axes",
        "slice_start_out_of_bounds",
        "sqrt",
        "squeeze",
        "squeeze_negative_axes",
        "sub_bcast",
        "sum_example",
        "transpose_all_permutations_3",
        "transpose_default",
        "unsqueeze_negative_axes",
        "unsqueeze_three_axes",
        "unsqueeze_unsorted_axes",
        "where_example",
        "where_long_example"
      })
  void fold_ofANodeOfConstants_isWhatTheOperatorIsDefinedAs(String name) throws IOException {
    // Given
    Path directory = OnnxTestData.of("node/test_" + name);
    NodeProto node =
        ModelProto.parseFrom(Files.readAllBytes(directory.resolve("model.onnx")))
            .getGraph()
            .getNode(0);
    List<Optional<OnnxConstant>> inputs = new ArrayList<>();
    for (int i = 0; i < node.getInputCount(); i++) {
      inputs.add(Optional.of(tensor(directory, "input_" + i)));
    }
    OnnxConstant expected = tensor(directory, "output_0");

    // When
    OnnxConstant folded =
        ConstantFolding.of(
                new Operation(
                    name,
                    "",
                    node.getOpType(),
                    node.getInputList(),
                    node.getOutputList(),
                    new Attributes(node.getAttributeList())),
                inputs,
                unfolding)
            .orElseThrow();

    // Then
    assertThat(folded.dimensions()).isEqualTo(expected.dimensions());
    assertThat(folded.isWhole()).isEqualTo(expected.isWhole());
    assertThat(folded.floats()).containsExactly(expected.floats(), within(1e-5f));
  }

  private OnnxConstant tensor(Path directory, String name) throws IOException {
    Path file = directory.resolve("test_data_set_0").resolve(name + ".pb");
    return TensorReader.read(TensorProto.parseFrom(Files.readAllBytes(file)), unfolding);
  }
}
