export const about = 'A button and a label open the file chooser; choosing takes five seconds.';

export async function run(user) {
  await user.open('/files.html');
  await user.click('#attach', { effect: 'outside', happens: 'filechooser', rest: 5000 });
  await user.choose('photo.jpg');
  await user.click('#call', { effect: 'none', rest: 3400 });
  await user.click('#clear', { effect: 'dom', changes: '#name' });
  await user.click('#letter-label', { effect: 'outside', happens: 'filechooser', rest: 5000 });
  await user.choose('letter.txt');
  await user.burst('#call', { n: 4, gap: 220, effect: 'none', rest: 3400 });
}
