export const about = 'A popover, a file chooser and a state that scripts set: no click and no change tells.';

export async function run(user) {
  await user.open('/by-script.html');
  const isOpen = 'document.getElementById("order").matches(":popover-open")';
  await user.click('#sort', { effect: 'outside', sees: isOpen, rest: 3400 });
  await user.click('#sort', { effect: 'outside', sees: isOpen, rest: 3400 });
  await user.click('#heart', { effect: 'outside', sees: 'document.getElementById("heart").matches(":state(on)")', rest: 3400 });
  await user.click('#add', { effect: 'outside', happens: 'filechooser', unseen: 'no click on the field is recorded', rest: 5500 });
  await user.choose('photo.jpg');
  await user.click('#hang', { effect: 'none', rest: 3400 });
  await user.click('#wide', { effect: 'dom', changes: '#out' });
}
