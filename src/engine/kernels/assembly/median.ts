/** The upper middle of f32 values, which are reordered; 0 of nothing. None may be NaN. Quickselect (Hoare 1961). */
export function median(values: usize, count: i32): f32 {
  if (count === 0) return 0;
  const middle = count >> 1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = load<f32>(values + ((<usize>((low + high) >> 1)) << 2));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f32>(values + ((<usize>i) << 2)) < pivot) i++;
      while (load<f32>(values + ((<usize>j) << 2)) > pivot) j--;
      if (i > j) break;
      const swap = load<f32>(values + ((<usize>i) << 2));
      store<f32>(values + ((<usize>i) << 2), load<f32>(values + ((<usize>j) << 2)));
      store<f32>(values + ((<usize>j) << 2), swap);
      i++;
      j--;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else break;
  }
  return load<f32>(values + ((<usize>middle) << 2));
}
